// What changes by itself: the moment as the coach tells it, the countdown between, and taps without
// a new page. Each deadline comes as what is left of it; here it only runs down. When nothing was
// heard for a while, nothing is counted any more.
"use strict";
(() => {
  const SILENT_MS = 2200; // the server sends a beat a second
  const AGAIN_MS = 250;
  const SAID_MS = 10000; // so long an answer to a tap is true of what is going on
  const $ = (id) => document.getElementById(id);
  const screen = document.currentScript.dataset.live === "screen";
  let source = null, heardAt = performance.now(), now = null, ends = null, stand = null, shown = "", spoken = "", timer = 0, answer = "", answerTimer = 0;

  const text = (id, words) => {
    const at = $(id);
    if (at.textContent !== words) at.textContent = words;
    at.hidden = !words;
  };

  // The same deadline is told again each second; the earliest telling was delayed least.
  const count = (clock) => {
    if (!clock) ends = null;
    else {
      const at = performance.now() + clock.left_s * 1000;
      const same = ends && ends.name === clock.name && !clock.still;
      ends = { ...clock, at: same ? Math.min(ends.at, at) : at };
    }
    draw();
  };

  const digits = (seconds) => {
    const whole = Math.ceil(seconds - 0.001);
    return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
  };

  const draw = () => {
    $("clock").hidden = !ends;
    if (!ends) { shown = ""; return; }
    const left = ends.still ? ends.left_s : Math.max(0, (ends.at - performance.now()) / 1000);
    const words = digits(left);
    if (words !== shown) {
      shown = $("left").textContent = words;
      $("left").setAttribute("aria-label", `${Math.ceil(left)} seconds left`);
    }
    $("full").style.transform = `scaleX(${ends.total_s > 0 ? Math.min(1, left / ends.total_s) : 0})`;
  };

  const standing = () => {
    if (!stand) return text("stand", "");
    const minutes = (stand - performance.now()) / 60000;
    text("stand", minutes <= 0 ? "Stand up now" : minutes < 1 ? "Stand up in less than a minute" : `Stand up in ${Math.floor(minutes)} min`);
  };

  const said = (words) => {
    clearTimeout(answerTimer);
    answer = words;
    if (words) answerTimer = setTimeout(() => said(""), SAID_MS);
    drawAnswer();
  };

  // A question that is open stands above already.
  const drawAnswer = () => {
    const words = now && now.title.endsWith("?") ? answer.replace(now.title, "").trim() : answer;
    if ($("said").textContent !== words) $("said").textContent = words;
  };

  // For a screen reader: what is new in one sentence, and only that.
  const aloud = () => {
    const words = [now.title, now.detail].filter(Boolean).join(/[.?!]$/.test(now.title) ? " " : ". ");
    if (words === spoken) return;
    spoken = words;
    clearTimeout(timer);
    timer = setTimeout(() => { $("aloud").textContent = words; }, 300);
  };

  const figure = () => {
    const at = $("figure"), url = now.figure || "";
    if (at.dataset.url === url) return;
    at.dataset.url = url;
    at.hidden = !url;
    at.replaceChildren();
    if (!url) return;
    const image = new Image();
    image.alt = now.title;
    image.src = url;
    at.append(image);
  };

  const code = () => {
    const at = $("code"), digits = now.code;
    at.hidden = !digits;
    if (at.dataset.digits === digits) return;
    at.dataset.digits = digits;
    at.querySelector(".code").textContent = `${digits.slice(0, 3)} ${digits.slice(3)}`;
    $("camera").replaceChildren();
    if (digits) $("camera").append(Object.assign(new Image(), { src: `/code.svg?${digits}`, alt: "The code as a picture" }));
  };

  const show = (moment) => {
    now = moment;
    text("title", now.title);
    drawAnswer();
    text("detail", now.detail);
    text("person", now.person);
    text("progress", now.progress);
    text("next", now.next);
    text("heard", now.heard ? `Heard: “${now.heard}”` : "");
    stand = now.stand_s === null ? null : performance.now() + now.stand_s * 1000;
    standing();
    $("now").dataset.lamp = now.lamp;
    const faults = $("faults");
    if (faults.dataset.all !== now.faults.join("\n")) {
      faults.dataset.all = now.faults.join("\n");
      faults.replaceChildren(...now.faults.map((words) => Object.assign(document.createElement("li"), { textContent: words })));
    }
    faults.hidden = !now.faults.length;
    figure();
    code();
    aloud();
    if (!screen && $("buttons")) {
      for (const button of $("buttons").querySelectorAll("button")) {
        const can = (button.closest("#more, #people") ? now.can : now.front).includes(button.value);
        if (!can && button === document.activeElement) $("title").focus({ preventScroll: true });
        button.hidden = !can;
      }
    }
    document.title = `${now.title}, Exercise Assistant`;
    count(now.clock);
  };

  const lost = (is) => {
    $("lost").hidden = !is;
    if (!is) return;
    ends = stand = null;
    draw();
    standing();
    $("figure").hidden = true;
    $("figure").dataset.url = "";
    if ($("buttons")) $("buttons").querySelectorAll("button").forEach((button) => { button.disabled = true; });
  };

  const heard = () => {
    heardAt = performance.now();
    if (!$("lost").hidden) {
      lost(false);
      if ($("buttons")) $("buttons").querySelectorAll("button").forEach((button) => { button.disabled = false; });
    }
  };

  const connect = () => {
    if (source) source.close();
    const mine = (source = new EventSource("/live"));
    mine.addEventListener("now", (event) => { heard(); show(JSON.parse(event.data)); });
    mine.addEventListener("beat", (event) => { heard(); count(JSON.parse(event.data).clock); });
    mine.addEventListener("out", () => location.reload());
    mine.onerror = () => {
      mine.close();
      if (source !== mine) return;
      source = null;
      lost(true);
      setTimeout(() => { if (!source) connect(); }, AGAIN_MS);
    };
  };

  // A line that was cut without a word (a phone that slept, a network that is gone).
  setInterval(() => {
    if (performance.now() - heardAt > SILENT_MS) { lost(true); if (!source || performance.now() - heardAt > 2 * SILENT_MS) { heardAt = performance.now() - SILENT_MS; connect(); } }
  }, 250);
  const look = () => { if (!document.hidden && performance.now() - heardAt > 1500) connect(); };
  for (const name of ["online", "pageshow"]) addEventListener(name, look);
  document.addEventListener("visibilitychange", look);

  const frame = () => { draw(); requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
  setInterval(standing, 5000);

  const form = $("buttons");
  // They stay at the lower edge where they leave room to read above them, whatever size letters are.
  if (form) new ResizeObserver(() => form.classList.toggle("held", form.offsetHeight < 0.7 * innerHeight)).observe(form);
  if (form) form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = event.submitter;
    button.setAttribute("aria-busy", "true");
    try {
      const reply = await fetch("/ask", {
        method: "POST", headers: { Accept: "application/json" },
        body: new URLSearchParams({ ask: button.value }),
      });
      if (reply.status === 403) location.reload();
      said(reply.status === 429 ? "That was a bit much at once." : (await reply.json()).said);
    } catch { said("That didn't get through."); }
    button.removeAttribute("aria-busy");
  });

  $("title").tabIndex = -1;
  connect();
})();
