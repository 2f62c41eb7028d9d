// SPDX-License-Identifier: GPL-3.0-or-later
// The author's panel: where the person of the shown chat stands, what to try out, and what is wrong with the files.

import { listeners } from "/events.js";
import { post } from "/net.js";
import { byId, state, toast } from "/screen.js";
import { make } from "/view.js";
import { answersTable, facts, finishedList, problemList, summaryOf } from "./parts.js";

const LOOK_MS = 1000;
const SOON_MS = 120;
const WIDE = matchMedia("(min-width: 1100px)");
const KEPT = "author's view";
const drawn = new Map();
let soon = 0;
let study = { sequence: [], others: [], languages: [], problems: [], name: "" };

const ask = (name, body = {}) => post(`/beside/${name}`, body);
const isOpen = () => !byId("panel").hidden;

async function attempt(action) {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof TypeError)) toast(error.message);
    return null;
  }
}

/** Replace what an element shows, but only when it is something else: a selection or the focus stays. */
function put(id, data, draw) {
  const text = JSON.stringify(data);
  if (drawn.get(id) === text) return;
  drawn.set(id, text);
  byId(id).replaceChildren(...[draw(data)].flat());
}

function option(value, label = value) {
  return make("option", { value }, label);
}

/** Let new persons speak every language of the study too. */
function addLanguages(codes) {
  const known = [...byId("add-language").options].map((each) => each.value);
  const ownName = (code) => new Intl.DisplayNames([code], { type: "language" }).of(code);
  for (const code of codes) if (!known.includes(code)) byId("add-language").append(option(code, ownName(code)));
}

function drawStudy(news) {
  study = news;
  addLanguages(study.languages);
  put("jump-to", [study.sequence, study.others], () => [
    make("optgroup", { label: "In the sequence" }, ...study.sequence.map((id) => option(id))),
    make("optgroup", { label: "Others" }, ...study.others.map((id) => option(id))),
  ]);
  const name = new Intl.DisplayNames(["en"], { type: "language" });
  put("speak", study.languages, (codes) => codes.map((code) => option(code, name.of(code))));
  byId("faster").setAttribute("aria-checked", String(study.faster));
  byId("files-name").textContent = study.name;
  put("files-state", study.problems, summaryOf);
  put("problems", study.problems, problemList);
  const errors = study.problems.filter((each) => each.severity === "error").length;
  byId("panel-errors").hidden = !errors;
  byId("panel-errors").textContent = errors;
  byId("panel-errors").setAttribute("aria-label", `${errors} ${errors === 1 ? "error" : "errors"} in the files`);
}

function drawPerson(seen) {
  byId("panel-person").classList.toggle("unknown", !seen.known);
  for (const button of byId("panel").querySelectorAll("[data-needs-person]")) button.disabled = !seen.known;
  if (!seen.known) {
    put("where", ["unknown"], () => make("p", {}, "The bot does not know this person yet: press Start in the chat."));
    for (const id of ["answers", "saved", "finished"]) put(id, "unknown", () => "");
    return;
  }
  const place = seen.dialogue
    ? [make("code", { id: "at-dialogue" }, seen.dialogue), " › ", make("code", { id: "at-message" }, seen.message)]
    : ["In no dialogue"];
  put("where", [seen.dialogue, seen.message, seen.here, seen.queue, seen.status, seen.next], () => [
    make("p", { class: "place" }, ...place),
    facts([["Now", seen.here], ["On the way", seen.queue], ["Next", seen.next], ["Status", seen.status]]),
  ]);
  put("answers", seen.answers, answersTable);
  put("saved", seen.saved, facts);
  put("finished", [seen.finished, seen.done], () => finishedList(seen.finished, seen.done));
  if (document.activeElement !== byId("speak")) byId("speak").value = seen.language;
  byId("messages").lang = seen.language;
}

async function look() {
  const person = state.shown;
  if (!isOpen() || !person || document.hidden) return;
  const seen = await ask("look", { person }).catch(() => null);
  if (seen && person === state.shown) drawPerson(seen);
}

function lookSoon() {
  clearTimeout(soon);
  soon = setTimeout(look, SOON_MS);
}

async function act(name, body = {}) {
  const seen = await attempt(() => ask(name, { person: state.shown, ...body }));
  if (seen) drawPerson(seen);
}

function setOpen(open, { byHand = false } = {}) {
  byId("panel").hidden = !open;
  document.body.classList.toggle("with-panel", open);
  byId("panel-toggle").setAttribute("aria-expanded", String(open));
  if (byHand && WIDE.matches) localStorage.setItem(KEPT, open ? "open" : "closed");
  if (byHand) (open ? byId("panel-close") : byId("panel-toggle")).focus();
  if (open) look();
}

function button(id, label, onclick, attributes = {}) {
  return make("button", { id, type: "button", class: "quiet tool", onclick, ...attributes }, label);
}

function headButtons() {
  const faster = button("faster", "Faster", () => attempt(() => ask("faster", { on: faster.getAttribute("aria-checked") !== "true" })), {
    role: "switch", "aria-checked": "false", title: "Shorter pauses and waits, for everybody",
  });
  const toggle = button("panel-toggle", "Author", () => setOpen(!isOpen(), { byHand: true }), {
    "aria-expanded": "false", "aria-controls": "panel",
  });
  toggle.append(make("span", { id: "panel-errors", class: "errors", role: "img", hidden: "" }, ""));
  byId("block").before(faster, toggle);
}

function section(title, id, ...children) {
  return make("section", { "aria-labelledby": `${id}-title` }, make("h3", { id: `${id}-title` }, title), ...children);
}

function tryOut() {
  const person = { "data-needs-person": "" };
  const jump = make("select", { id: "jump-to" });
  const speak = make("select", { id: "speak", ...person, onchange: () => act("language", { language: speak.value }) });
  return section(
    "Try out", "try",
    make("div", { class: "pair" },
      make("label", { class: "field" }, make("span", {}, "Dialogue"), jump),
      button("jump", "Begin it", () => act("jump", { dialogue: jump.value }), person)),
    make("div", { class: "pair" },
      button("restart", "Restart", () => act("restart"), { ...person, title: "The running dialogue, from its beginning" }),
      button("next-now", "Wait no longer", () => act("next"), { ...person, title: "What is on the way, or the next dialogue, comes now" })),
    make("label", { class: "field" }, make("span", {}, "Language of this person"), speak),
  );
}

function panel() {
  return make("aside", { id: "panel", "aria-label": "Author's view", hidden: "" },
    make("header", { id: "panel-head" },
      make("h2", {}, "Author’s view"),
      button("panel-close", "Close", () => setOpen(false, { byHand: true }))),
    section("Files", "files",
      make("p", { id: "files-name" }),
      make("div", { id: "files-state", role: "status" }),
      make("div", { id: "problems" })),
    make("div", { id: "panel-person" },
      section("Where this person is", "here", make("div", { id: "where" })),
      tryOut(),
      section("Answers in this dialogue", "given", make("div", { id: "answers" })),
      section("What is saved", "kept", make("div", { id: "saved" })),
      section("Dialogues that are over", "over", make("div", { id: "finished" }))),
  );
}

function styled() {
  const sheet = make("link", { rel: "stylesheet", href: "/beside/panel.css" });
  document.head.append(sheet);
  return new Promise((resolve) => { sheet.onload = resolve; sheet.onerror = resolve; });
}

function onEvent(event) {
  if (event.kind !== "beside") return lookSoon();
  drawStudy(event.body);
  const changed = event.body.changed || [];
  if (changed.length) {
    byId("jump-to").value = changed[0];
    toast(`Shown as it is now: ${changed.join(", ")}`);
  }
  return lookSoon();
}

/** Called at the beginning, and whenever a connection begins again. */
export async function begin() {
  const isFirst = !byId("panel");
  if (isFirst) {
    await styled();
    headButtons();
    document.body.append(panel());
    listeners.add(onEvent);
    setInterval(look, LOOK_MS);
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && isOpen() && byId("panel").contains(document.activeElement)) setOpen(false, { byHand: true });
    });
  }
  const news = await attempt(() => ask("study"));
  if (news) drawStudy(news);
  const kept = localStorage.getItem(KEPT);
  if (isFirst) setOpen(WIDE.matches && (kept ? kept === "open" : Boolean(news?.open)));
  look();
}
