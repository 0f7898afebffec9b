"use strict";
(() => {
  const events = JSON.parse(document.getElementById("events").textContent);
  const said = JSON.parse(document.getElementById("words").textContent);
  const screen = document.getElementById("screen");
  const play = document.getElementById("play");
  const place = document.getElementById("place");
  const speed = document.getElementById("speed");
  const time = document.getElementById("time");
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const total = events.length ? events[events.length - 1][0] : 0;
  // The page holds the whole text, one group an event: playing shows and hides what is there.
  const groups = Array.from(screen.children);
  let now = total, shown = groups.length, playing = false, last = 0;

  const clock = (millis) => {
    const seconds = Math.floor(millis / 1000);
    return Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0");
  };
  const draw = (follow) => {
    while (shown < groups.length && events[shown][0] <= now) groups[shown++].hidden = false;
    while (shown > 0 && events[shown - 1][0] > now) groups[--shown].hidden = true;
    place.value = String(Math.round(now));
    place.setAttribute("aria-valuetext", clock(now) + " / " + clock(total));
    time.textContent = clock(now) + " / " + clock(total);
    if (follow) screen.scrollTop = screen.scrollHeight;
  };
  const set = (on) => {
    playing = on;
    play.textContent = on ? said.pause : said.play;
    if (on) {
      if (now >= total) now = 0;
      last = performance.now();
      requestAnimationFrame(step);
    }
  };
  // With less motion asked for, the text comes command by command instead of flowing.
  const step = (at) => {
    if (!playing) return;
    now = Math.min(total, now + (at - last) * Number(speed.value));
    last = at;
    draw(true);
    if (now >= total) return set(false);
    if (still) setTimeout(() => requestAnimationFrame(step), 1000); else requestAnimationFrame(step);
  };
  const go = (millis) => { now = Math.max(0, Math.min(total, millis)); draw(true); };

  place.max = String(total);
  place.addEventListener("input", () => { set(false); go(Number(place.value)); });
  play.addEventListener("click", () => set(!playing));
  document.addEventListener("keydown", (event) => {
    const target = event.target;
    if (event.ctrlKey || event.altKey || event.metaKey || target === place || target === speed) return;
    if (event.key === " " && target !== play && target !== screen) { event.preventDefault(); set(!playing); }
    else if (event.key === "k") set(!playing);
    else if (event.key === "j") go(now - 5000);
    else if (event.key === "l") go(now + 5000);
  });
  document.getElementById("controls").hidden = false;
  draw(false);
})();
