// The little that scripts add; every page works without them. No inline code, no library.
"use strict";

// A scoring sheet saves itself. Sending the same scores twice changes nothing on the server, so what got no answer is
// kept in this browser and sent again: on the next change, when the network is back, or when the page is next opened.
for (const form of document.querySelectorAll("form[data-autosave]")) {
  const place = form.querySelector("[data-saved]");
  const kept = "preuve:" + form.getAttribute("action");
  const say = (word) => { if (place) place.textContent = form.dataset[word] || ""; };
  const fields = () => new URLSearchParams(new FormData(form)).toString();
  // Puts what was written back into the form.
  const fill = (body) => {
    for (const [name, value] of new URLSearchParams(body)) {
      const element = form.elements[name];
      if (element) element.value = value;
    }
  };
  let timer = 0;
  let sending = false;
  let again = false;

  const send = async (body) => {
    if (sending) { again = true; return false; }
    sending = true;
    say("saving");
    let saved = false;
    try {
      const answer = await fetch(form.getAttribute("action"), {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
        body,
      });
      if (answer.ok) {
        form.elements.revision.value = (await answer.json()).revision;
        localStorage.removeItem(kept);
        say("done");
        saved = true;
      } else if (answer.status === 409 && (await answer.json().catch(() => ({}))).type === "urn:preuve:sheet-old") {
        // Something newer is saved. The form sends itself, and the page that answers shows both.
        localStorage.removeItem(kept);
        fill(body);
        form.querySelector("button:not([name])").click();
      } else {
        // The server looked at it and said no: sending it again would not help.
        if (answer.status !== 401) localStorage.removeItem(kept);
        say(answer.status === 401 ? "signin" : "refused");
      }
    } catch {
      say("offline");
    }
    sending = false;
    if (again) { again = false; send(fields()); }
    return saved;
  };

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      localStorage.setItem(kept, fields());
      send(fields());
    }, 700);
  });
  // A form that is sent by its button needs no other copy.
  form.addEventListener("submit", () => { clearTimeout(timer); localStorage.removeItem(kept); });
  window.addEventListener("online", () => { if (localStorage.getItem(kept)) send(fields()); });
  const before = localStorage.getItem(kept);
  if (before) send(before).then((saved) => { if (saved) location.reload(); });
}

// The timer of an oral counts to the moment that the server names, whatever this machine's clock says.
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

// A job tells how far it is; when it is over, the page is read again. Without scripts the page refreshes itself.
for (const job of document.querySelectorAll("[data-events]")) {
  const source = new EventSource(job.dataset.events);
  const bar = job.querySelector("progress");
  const place = job.querySelector("[data-said]");
  source.onmessage = (event) => {
    const told = JSON.parse(event.data);
    if (bar) bar.value = told.hundredths;
    // A screen reader speaks when the words change, not at every step.
    if (place && place.textContent !== told.said) place.textContent = told.said;
  };
  source.addEventListener("over", () => { source.close(); location.reload(); });
}
