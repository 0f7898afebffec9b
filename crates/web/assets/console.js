// The little that scripts add; every page works without them. No inline code, no library.
"use strict";

// Live progress: the page says where its events are; without a script it refreshes by a link.
for (const live of document.querySelectorAll("[data-events]")) {
  const source = new EventSource(live.dataset.events);
  source.addEventListener("progress", (event) => {
    const told = JSON.parse(event.data);
    const bar = live.querySelector("progress");
    if (bar) bar.value = told.percent;
    const words = live.querySelector("[data-told]");
    if (words) words.textContent = told.text;
    if (told.done) {
      source.close();
      location.reload();
    }
  });
}

// A scoring sheet saves itself: what could not be sent is kept in this browser and sent again, under the same key.
for (const form of document.querySelectorAll("form[data-autosave]")) {
  const place = form.querySelector("[data-saved]");
  const kept = "preuve:" + form.getAttribute("action");
  const say = (word) => { if (place) place.textContent = form.dataset[word] || ""; };
  let timer = 0;
  const key = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  };
  const send = async (body) => {
    say("saving");
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
        body,
      });
      if (answer.ok) {
        localStorage.removeItem(kept);
        say("done");
      } else {
        say(answer.status === 401 ? "signin" : "refused");
      }
    } catch {
      localStorage.setItem(kept, body);
      say("offline");
    }
  };
  const collect = () => {
    const data = new URLSearchParams(new FormData(form));
    data.set("key", key());
    return data.toString();
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => { const body = collect(); localStorage.setItem(kept, body); send(body); }, 800);
  });
  const resend = () => { const body = localStorage.getItem(kept); if (body) send(body); };
  window.addEventListener("online", resend);
  resend();
}

// The timer of an oral counts from the moment that the server names.
for (const clock of document.querySelectorAll("[data-until]")) {
  const until = Date.parse(clock.dataset.until);
  const skew = Date.parse(clock.dataset.now) - Date.now();
  const tick = () => {
    const left = Math.max(0, Math.round((until - Date.now() - skew) / 1000));
    clock.textContent = Math.floor(left / 60) + ":" + String(left % 60).padStart(2, "0");
  };
  tick();
  setInterval(tick, 500);
}
