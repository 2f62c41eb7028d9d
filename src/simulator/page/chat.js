// SPDX-License-Identifier: GPL-3.0-or-later
// The page: what happens on a click or a key, and the beginning of it all.

import { loadChat, loadCommands, loadPeople, notify, onEvent, release } from "./events.js";
import { get, listen, post, postOnce } from "./net.js";
import {
  busy, byId, chatOf, drawBusy, drawChat, drawEarlier, drawHead, drawPeople, people, showSelected, state, toast, toEnd,
} from "./screen.js";
import { make } from "./view.js";

const BUSY_MS = 60000;

state.show = (id) => show(id);
state.actions = {
  write: (text) => send(text),
  press: (message, data) => press(message, data),
  isBusy: (message, data) => busy.has(`${message.message_id}/${data}`),
};

async function show(id) {
  if (id !== state.shown) {
    chatOf(state.shown).draft = byId("message-input").value;
    byId("message-input").value = chatOf(id).draft;
  }
  state.shown = id;
  byId("toast").classList.remove("visible");
  history.replaceState(null, "", id ? `#${id}` : " ");
  const chat = chatOf(id);
  chat.unread = 0;
  closeMenu();
  drawPeople();
  notify({ kind: "shown", chat_id: id });
  if (!people.has(id)) return;
  drawChat();
  if (!chat.loaded) await attempt(() => loadChat(id));
  drawPeople();
  showSelected();
  grow();
  await attempt(loadCommands);
}

async function attempt(action) {
  try {
    return await action();
  } catch (error) {
    toast(error instanceof TypeError ? "The local Bot API does not answer." : error.message);
    return null;
  }
}

const sayWaiting = () => toast("There is no connection; it will be sent when there is one again.");

async function send(text) {
  const id = state.shown;
  const done = await attempt(() => postOnce(`/people/${id}/messages`, { text }, sayWaiting));
  if (done) toEnd();
  return done;
}

async function press(message, data) {
  const key = `${message.message_id}/${data}`;
  if (busy.has(key)) return;
  busy.set(key, setTimeout(() => release(message.message_id, data), BUSY_MS));
  drawBusy(message.message_id, data, true);
  const body = { message_id: message.message_id, data };
  const done = await attempt(() => postOnce(`/people/${state.shown}/presses`, body, sayWaiting));
  if (!done) release(message.message_id, data);
}

function closeMenu() {
  byId("commands").hidden = true;
  byId("menu").setAttribute("aria-expanded", "false");
}

function openMenu() {
  const use = (word) => { closeMenu(); send(`/${word}`); restingPlace().focus(); };
  byId("commands").replaceChildren(
    ...chatOf(state.shown).commands.map(({ command, description }) =>
      make("li", {}, make(
        "button", { type: "button", "data-command": command, onclick: () => use(command) },
        make("strong", {}, `/${command}`), make("span", {}, description),
      ))),
  );
  byId("commands").hidden = false;
  byId("menu").setAttribute("aria-expanded", "true");
  byId("commands").querySelector("button")?.focus();
}

function grow() {
  const input = byId("message-input");
  input.style.height = "auto";
  input.style.height = `${Math.min(input.scrollHeight, 160)}px`;
}

byId("composer").addEventListener("submit", async (event) => {
  event.preventDefault();
  const input = byId("message-input");
  const text = input.value.trim();
  if (!text) return;
  input.value = "";
  if (!(await send(text)) && !input.value) input.value = text;
  grow();
  input.focus();
});

byId("message-input").addEventListener("input", grow);
byId("message-input").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  byId("composer").requestSubmit();
});

byId("add-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const name = byId("add-name").value.trim();
  if (!name) return byId("add-name").focus();
  const person = await attempt(() => post("/people", { name, language_code: byId("add-language").value }));
  if (!person) return null;
  byId("add-name").value = "";
  byId("add-form").classList.remove("open");
  if (!people.has(person.id)) people.set(person.id, person);
  await show(person.id);
  return byId("start").focus();
});

// On a narrow screen the fields are folded away: the first press on the button shows them.
byId("add-person").addEventListener("click", (event) => {
  if (byId("add-name").offsetParent !== null) return;
  event.preventDefault();
  byId("add-form").classList.add("open");
  byId("add-name").focus();
});

byId("people").addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  const tabs = [...byId("people").children];
  const at = tabs.indexOf(document.activeElement);
  if (!step || at < 0) return;
  event.preventDefault();
  const next = tabs[(at + step + tabs.length) % tabs.length];
  next.focus();
  show(Number(next.dataset.person));
});

byId("earlier").addEventListener("click", () => attempt(async () => {
  const chat = chatOf(state.shown);
  const first = [...chat.messages.keys()][0];
  const answer = await get(`/people/${state.shown}/messages?before=${first}`);
  const older = answer.messages.map((message) => [message.message_id, message]);
  chat.messages = new Map([...older, ...chat.messages]);
  chat.more = answer.more;
  drawEarlier(answer.messages);
}));

// With a finger no field is focused: the keyboard would cover the chat, and the first answers are buttons.
const restingPlace = () => byId(matchMedia("(hover: hover)").matches ? "message-input" : "scroll");
byId("start").addEventListener("click", () => send("/start").then(() => restingPlace().focus()));
byId("block").addEventListener("click", () => attempt(() => post(`/people/${state.shown}/block`)));
byId("unblock").addEventListener("click", () => attempt(() => post(`/people/${state.shown}/unblock`)));
byId("menu").addEventListener("click", () => (byId("commands").hidden ? openMenu() : closeMenu()));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !byId("commands").hidden) { closeMenu(); byId("menu").focus(); }
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("#commands, #menu")) closeMenu();
  if (!event.target.closest("#side")) byId("add-form").classList.remove("open");
});

async function onOpen() {
  document.body.classList.remove("away");
  const first = await loadPeople();
  await show(people.has(state.shown) ? state.shown : first);
  if (state.hasPanel) await (await import("/beside/panel.js")).begin();
  if (!people.size) byId("add-name").focus();
}

listen({
  onEvent,
  onOpen: () => attempt(onOpen),
  onAway: () => { document.body.classList.add("away"); drawHead(); },
});
