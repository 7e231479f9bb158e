// The page: which message is looked at and how, the keys, and what changes while it is open.
import { List } from "/list.js";
import { Stage } from "/stage.js";
import { takeApproval } from "/approval.js";
import { takeCorrections } from "/correction.js";

const at = (id) => document.getElementById(id);
const list = new List(at("list"), at("rows"), at("search"), show);
const stage = new Stage(at("stage"), at("scale"));
const view = { part: "html", width: "880", dark: false, plain: false, bare: false };
const PARTS = ["html", "text", "source"];
let now = { number: null, key: "", version: 0 };
let asked = 0;

async function piece(path) {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(path);
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  return holder.content;
}

async function fill(id, path) {
  at(id).replaceChildren(await piece(path));
}

// Show a message; `again`: the same one, after something has changed, at the place that is being read; `framed`: it is
// the same itself, and only what is known of it has changed.
async function show(number, { again = false, framed = null } = {}) {
  const mine = ++asked;
  now = { ...now, number, key: number === now.number ? now.key : "" };
  history.replaceState(null, "", `#${number}`);
  list.select(number, { scrolls: !again });
  framed ??= stage.show(number, ++now.version, view, again);
  const content = await piece(`/message/${number}`).catch(() => null);
  if (mine !== asked || content === null) return;
  const headline = content.querySelector("[data-of=headline]");
  now.key = headline.dataset.key;
  const open = new Set([...at("about").querySelectorAll("details[open] h3")].map((one) => one.textContent));
  const scroll = at("about").scrollTop;
  const writing = at("about").querySelector("form[data-correct] > div:not([hidden])")?.parentElement;
  const focused = document.activeElement;
  if (again && writing) content.querySelector("form[data-correct]")?.replaceWith(writing);
  at("headline").replaceChildren(headline);
  at("about").replaceChildren(...content.querySelector("[data-of=about]").childNodes);
  for (const one of at("about").querySelectorAll("details")) one.open ||= open.has(one.querySelector("h3")?.textContent);
  at("about").scrollTop = again ? scroll : 0;
  if (focused !== document.activeElement && at("about").contains(focused)) focused.focus();
  stage.hasHtml(headline.dataset.hasHtml === "1");
  await framed;
  document.body.dataset.shown = number;
}

async function refresh(isRead) {
  if (now.number !== null) {
    const mine = asked;
    const place = isRead && now.key && (await (await fetch(`/place?key=${encodeURIComponent(now.key)}`)).text());
    // unless another one was chosen meanwhile
    if (mine === asked) await show(place ? Number(place) : now.number, { again: true });
  }
  await Promise.all([state(), fill("strip", "/strip"), list.load(true)]);
  await groups();
  if (now.number === null) await begin();
}

async function groups() {
  const marked = list.group;
  const open = new Set([...at("groups").querySelectorAll("details[open] summary")].map((one) => one.textContent));
  const scroll = at("groups").scrollTop;
  await fill("groups", "/groups");
  for (const one of at("groups").querySelectorAll("summary")) one.parentElement.open = open.has(one.textContent);
  at("groups").scrollTop = scroll;
  for (const button of at("groups").querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.dataset.group === marked));
  }
}

async function state() {
  const content = await piece("/state");
  const mend = content.querySelector("#mend").content;
  at("trouble").hidden = mend.childElementCount === 0;
  at("trouble").replaceChildren(mend);
  document.body.classList.toggle("troubled", !at("trouble").hidden);
  at("state").replaceChildren(content.querySelector("[data-stage]"));
}

async function begin() {
  const wished = Number.parseInt(location.hash.slice(1), 10);
  if (list.total > 0) await show(Number.isInteger(wished) && wished < list.total ? wished : list.firstNumber());
}

function set(name, value) {
  view[name] = value;
  for (const one of document.querySelectorAll(`[data-set=${name}]`)) {
    one.setAttribute("aria-pressed", String(one.dataset.to === value));
  }
  for (const one of document.querySelectorAll(`[data-toggle=${name}]`)) one.setAttribute("aria-pressed", String(value));
  if (now.number !== null) stage.look(view);
}

// One step after the other, however fast the key is pressed.
let turn = Promise.resolve();
function step(steps) {
  turn = turn.then(async () => {
    const found = await list.beside(now.number, steps);
    if (found !== null) show(found);
  });
}

async function stepGroup(steps) {
  const buttons = [...at("groups").querySelectorAll("button")];
  const place = buttons.findIndex((one) => one.getAttribute("aria-pressed") === "true");
  buttons[Math.min(buttons.length - 1, Math.max(0, place + steps))]?.click();
}

function nextFinding() {
  const buttons = [...at("about").querySelectorAll("[data-find]")];
  const place = buttons.findIndex((one) => one.dataset.found === "1");
  buttons[place]?.removeAttribute("data-found");
  const next = buttons[(place + 1) % buttons.length];
  if (!next) return;
  next.dataset.found = "1";
  next.closest("details").open = true;
  next.click();
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  "]": () => stepGroup(1),
  "[": () => stepGroup(-1),
  "/": () => (leave(), at("search").focus(), at("search").select()),
  1: () => set("width", "375"),
  2: () => set("width", "768"),
  3: () => set("width", "880"),
  d: () => set("dark", !view.dark),
  t: () => set("part", PARTS[(PARTS.indexOf(view.part) + 1) % PARTS.length]),
  s: () => set("plain", !view.plain),
  i: () => set("bare", !view.bare),
  n: nextFinding,
  a: () => at("strip").querySelector("[data-approve]")?.click(),
  " ": (event) => stage.scroll(event.shiftKey ? -0.9 : 0.9),
  "?": () => at("help").showModal(),
};

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const writes = event.target.closest?.("input, select, textarea");
  if (event.key === " " && event.target.closest?.("button, summary, a")) return;
  if (event.key === "Escape" && event.target === at("search")) at("list").focus();
  else if (event.key === "Escape" && document.body.classList.contains("reads")) leave();
  if (writes || document.querySelector("dialog[open]") || !(event.key in KEYS)) return;
  event.preventDefault();
  KEYS[event.key](event);
}

if (innerWidth < 720) set("width", "375");

// In a small window list and message take turns.
function leave() {
  document.body.classList.remove("reads");
}

document.addEventListener("keydown", press);
stage.onkey = press;
at("list").addEventListener("picked", () => document.body.classList.add("reads"));
at("back").addEventListener("click", () => (leave(), at("list").focus()));
at("ask").addEventListener("click", () => at("help").showModal());
for (const one of document.querySelectorAll("[data-close]")) one.addEventListener("click", () => one.closest("dialog").close());
at("tools").addEventListener("click", ({ target }) => {
  if (target.dataset.set) set(target.dataset.set, target.dataset.to);
  if (target.dataset.toggle) set(target.dataset.toggle, !view[target.dataset.toggle]);
});
at("groups").addEventListener("click", async ({ target }) => {
  const button = target.closest("button");
  if (!button) return;
  for (const one of at("groups").querySelectorAll("button")) one.setAttribute("aria-pressed", String(one === button));
  const mine = ++asked;
  await list.ask({ group: button.dataset.group });
  const example = Number(button.dataset.example);
  if (example >= 0 && mine === asked) await show(example);
});
at("about").addEventListener("click", ({ target }) => {
  if (target.dataset.find) stage.find(JSON.parse(target.dataset.find));
});
takeCorrections(at("about"));
takeApproval(at("strip"), at("approval"), () => Promise.all([fill("strip", "/strip"), list.load(true)]));

const events = new EventSource("/events");
let busy = false;
let waits = { changed: false, read: false };
async function changed({ type }) {
  waits[type === "changed" ? "changed" : "read"] = true;
  if (busy) return;
  busy = true;
  try {
    while (waits.changed || waits.read) {
      const isRead = waits.read;
      waits = { changed: false, read: false };
      await refresh(isRead);
    }
  } finally {
    busy = false;
  }
}
events.addEventListener("changed", changed);
events.addEventListener("read", changed);
events.addEventListener("progress", () => Promise.all([state(), groups(), list.load(true)]));
events.addEventListener("checked", async () => {
  await Promise.all([state(), groups(), list.load(true)]);
  if (now.number !== null) await show(now.number, { again: true, framed: stage.settled });
});
events.addEventListener("open", (event) => {
  at("gone").close();
  changed(event);
});
events.addEventListener("error", () => setTimeout(() => events.readyState !== 1 && !at("gone").open && at("gone").showModal(), 1500));
