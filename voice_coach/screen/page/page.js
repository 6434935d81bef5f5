// Draws what the session says is to be seen now, and sends presses back. It keeps nothing.
"use strict";

const byId = (id) => document.getElementById(id);
const body = document.body;
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const LETTERS = { STOP: "s", PAUSE: "p", SKIP: "k", REPEAT: "a", HELP: "h", NUMBERS: "n" };
const HUSH_LETTER = "q";
const TRIES = 3;

let viewer = "";
let turn = 0;
let over = false;
let failures = 0;
let drawn = { choices: "", always: "" };

function drawing(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", "#p-" + name);
  svg.append(use);
  return svg;
}

function picture(svg, name) {
  svg.firstElementChild.setAttribute("href", name ? "#p-" + name : "#");
}

function labelled(element, what) {
  element.replaceChildren();
  if (what) {
    const word = document.createElement("span");
    word.textContent = what.word;
    element.append(drawing(what.picto), word);
  }
}

function key(group, what, place) {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.intent = what.intent;
  const letter = group === "choices" ? String(place + 1) : LETTERS[what.intent];
  labelled(button, what);
  if (what.name !== what.word) button.setAttribute("aria-label", what.name);
  if (letter) {
    button.dataset.letter = letter;
    button.setAttribute("aria-keyshortcuts", letter);
    if (group === "choices") {
      const mark = document.createElement("kbd");
      mark.dataset.mark = letter;
      mark.setAttribute("aria-hidden", "true");
      button.append(mark);
    }
  }
  button.addEventListener("click", () => press(what.intent, button));
  return button;
}

function keys(group, list) {
  const signature = JSON.stringify(list);
  if (drawn[group] === signature) return;
  drawn[group] = signature;
  const element = byId(group);
  const held = element.contains(document.activeElement);
  element.replaceChildren(...list.map((what, place) => key(group, what, place)));
  element.hidden = !list.length;
  if (held) byId("choices").focus();
}

function draw(view) {
  turn = view.turn;
  over = view.over;
  body.dataset.phase = view.phase.name;
  picture(byId("picto"), view.picto);
  labelled(byId("phase"), view.phase);
  if (byId("caption").textContent !== view.caption) {
    byId("caption").textContent = view.caption;
    byId("caption").scrollTop = 0;
  }
  if ((byId("sign").dataset.name || "") !== (view.sign ? view.sign.name : "")) {
    byId("sign").dataset.name = view.sign ? view.sign.name : "";
    labelled(byId("sign"), view.sign);
  }
  keys("choices", view.choices);
  keys("always", view.always);
  fit();
  if (view.phase.name !== "listening") level(0);
}

function fit() {
  const caption = byId("caption");
  caption.classList.remove("long", "more");
  if (below(caption) > 0) caption.classList.add("long");
  more();
}

function more() {
  const caption = byId("caption");
  const scrolls = getComputedStyle(caption).overflowY === "auto";
  caption.classList.toggle("more", scrolls && below(caption) - caption.scrollTop > 10);
}

function below(caption) {
  return caption.scrollHeight - caption.clientHeight;
}

function level(value) {
  byId("ring").style.setProperty("--level", calm.matches ? (value > 0.3 ? 0.6 : 0) : value);
}

function blank(word, picto) {
  over = true;
  draw({ turn, picto, phase: { name: "off", word, picto }, caption: "", sign: "", choices: [], always: [], over });
}

async function press(intent, button) {
  if (over || !viewer) return;
  if (button) {
    button.classList.add("pressed");
    setTimeout(() => button.classList.remove("pressed"), 300);
  }
  const message = JSON.stringify({ viewer, turn, intent });
  for (let attempt = 0; attempt < TRIES; attempt++) {
    try {
      await fetch("key", { method: "POST", headers: { "Content-Type": "application/json" }, body: message });
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

function typed(event) {
  if (event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key.startsWith("Arrow")) {
    walk(event);
    return;
  }
  if (body.dataset.shortcuts === "off") return;
  const letter = event.key.toLowerCase();
  const button = document.querySelector(`[data-letter="${CSS.escape(letter)}"]`);
  if (button) press(button.dataset.intent, button);
  else if (letter === HUSH_LETTER) press("HUSH");
}

function walk(event) {
  if (["ArrowUp", "ArrowDown"].includes(event.key)) {
    byId("caption").scrollBy({ top: event.key === "ArrowDown" ? 80 : -80 });
    event.preventDefault();
    return;
  }
  const all = [...document.querySelectorAll("button")].filter((button) => button.offsetParent);
  if (!all.length || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
  const forwards = (event.key === "ArrowRight") === (document.documentElement.dir !== "rtl");
  const at = all.indexOf(document.activeElement);
  all[(at + (forwards ? 1 : -1) + all.length) % all.length].focus();
  event.preventDefault();
}

function toggle() {
  const off = body.dataset.shortcuts !== "off";
  body.dataset.shortcuts = off ? "off" : "on";
  byId("shortcuts").setAttribute("aria-pressed", String(!off));
}

function watch() {
  const stream = new EventSource("events");
  stream.addEventListener("hello", (event) => {
    viewer = JSON.parse(event.data).viewer;
    failures = 0;
  });
  stream.addEventListener("view", (event) => {
    draw(JSON.parse(event.data));
    if (over) stream.close();
  });
  stream.addEventListener("level", (event) => level(Number(event.data)));
  stream.onerror = () => {
    if (over) return;
    failures += 1;
    if (stream.readyState === EventSource.CLOSED) blank(body.dataset.elsewhere, "two_doors");
    else if (failures >= TRIES) {
      stream.close();
      blank(body.dataset.off, "power");
    }
  };
  addEventListener("pagehide", () => stream.close());
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
}

// A held key is one press, not many.
addEventListener("keydown", (event) => { if (event.repeat && event.key !== "Tab") event.preventDefault(); }, true);
addEventListener("keydown", typed);
byId("shortcuts").addEventListener("click", toggle);
byId("caption").addEventListener("scroll", more);
addEventListener("resize", fit);
watch();
