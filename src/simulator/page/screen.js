// SPDX-License-Identifier: GPL-3.0-or-later
// What is known and what is on the screen.

import { bubble, dayOf, make, tab } from "./view.js";

const NEAR_THE_END = 80;
const LONGEST_LIST = 40;

export const byId = (id) => document.getElementById(id);
export const people = new Map();
export const chats = new Map();
export const busy = new Map();
export const state = { shown: Number(location.hash.slice(1)) || 0, actions: {}, show: () => {} };
let followsEnd = true;
let lastTop = 0;

/** One chat: messages by id, what is new in it, and the number of the last event that is in it. */
export function chatOf(id) {
  if (!chats.has(id)) {
    chats.set(id, {
      messages: new Map(), sequence: -1, loaded: false, loads: 0, waiting: [], more: false,
      unread: 0, typing: 0, draft: "", last: "", newest: 0, commands: [],
    });
  }
  return chats.get(id);
}

export function drawPeople() {
  document.body.classList.toggle("empty", people.size === 0);
  document.body.classList.remove("loading");
  const held = document.activeElement?.dataset?.person;
  byId("people").replaceChildren(
    ...[...people.values()].map((person) => {
      const { unread, last } = chatOf(person.id);
      const onSelect = () => state.show(person.id);
      return tab(person, { selected: person.id === state.shown, unread, last, onSelect });
    }),
  );
  if (held) byId("people").querySelector(`[data-person="${held}"]`)?.focus();
  byId("chat").hidden = !people.has(state.shown);
}

export function drawHead() {
  const person = people.get(state.shown);
  if (!person) return;
  const chat = chatOf(person.id);
  byId("chat").setAttribute("aria-label", `Chat of ${person.name}`);
  byId("chat-state").textContent = document.body.classList.contains("away")
    ? "connecting…" : `You are ${person.name} · ${person.language_code || "no language"}`;
  byId("block").hidden = person.blocked;
  byId("composer").hidden = person.blocked;
  byId("blocked").hidden = !person.blocked;
  byId("begin").hidden = person.started || person.blocked;
  byId("menu").hidden = chat.commands.length === 0;
  byId("typing").hidden = !chat.typing;
  byId("earlier").hidden = !chat.more;
}

/** Add a message to the chat that is shown, or draw it again where it stands. Only one that `arrives` moves in. */
export function drawMessage(message, arrives = false) {
  const list = byId("messages");
  const item = bubble(message, state.actions);
  const old = list.querySelector(`[data-message-id="${message.message_id}"]`);
  if (old) return drawAgain(old, item);
  if (arrives) item.classList.add("arriving");
  return add(list, item);
}

/**
 * Add a message at the end, below a line that names its day if that is another one than before. Messages lie in
 * lists of some dozens: what is out of sight is neither laid out nor painted, and a long chat is as quick as a short one.
 */
function add(lists, item) {
  const { day } = item.dataset;
  const last = lists.lastElementChild;
  const isNewDay = last?.lastElementChild.dataset.day !== day;
  const list = last && last.childElementCount < LONGEST_LIST ? last : make("ol", { class: "list" });
  if (isNewDay) list.append(make("li", { class: "day", "data-day": day }, day));
  list.append(item);
  lists.append(list);
}

/** Put older messages above those that are shown, which stay where they are. */
export function drawEarlier(older) {
  const list = byId("messages");
  const above = make("div");
  for (const message of older) add(above, bubble(message, state.actions));
  const line = list.querySelector("li");
  if (line?.dataset.day === above.lastElementChild?.lastElementChild.dataset.day) line.remove();
  const top = list.querySelector(".message");
  list.prepend(...above.children);
  drawHead();
  top?.scrollIntoView({ block: "start" });
}

function drawAgain(old, item) {
  const [before, after] = [old, item].map((each) => each.querySelector(".photo"));
  if (before && before.href === after?.href) after.replaceWith(before); // a picture that is loaded anew flickers
  old.replaceWith(item);
}

export function removeMessage(messageId) {
  const item = byId("messages").querySelector(`[data-message-id="${messageId}"]`);
  const list = item?.parentElement;
  item?.remove();
  if (list?.childElementCount === 0) list.remove();
}

export function drawChat() {
  quietly();
  byId("messages").replaceChildren();
  for (const message of chatOf(state.shown).messages.values()) drawMessage(message);
  drawHead();
  toEnd();
}

/** Let a screen reader not read a whole chat aloud that is drawn at once. */
function quietly() {
  byId("scroll").setAttribute("aria-live", "off");
  setTimeout(() => byId("scroll").setAttribute("aria-live", "polite"), 500);
}

/** Let the chosen person be seen in a long list. */
export function showSelected() {
  byId("people").querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest", inline: "nearest" });
}
new ResizeObserver(showSelected).observe(byId("people"));

/** Go to the newest message, and stay there when pictures or buttons make the chat longer. */
export function toEnd() {
  followsEnd = true;
  byId("scroll").scrollTop = byId("scroll").scrollHeight;
}

// Only going up ends the following: the chat also moves away from its end when something is added.
byId("scroll").addEventListener("scroll", () => {
  const area = byId("scroll");
  if (area.scrollHeight - area.scrollTop - area.clientHeight < NEAR_THE_END) followsEnd = true;
  else if (area.scrollTop < lastTop - 2) followsEnd = false;
  lastTop = area.scrollTop;
});
const follow = new ResizeObserver(() => followsEnd && toEnd());
for (const id of ["messages", "scroll", "typing"]) follow.observe(byId(id));

/** Show that a button waits for the bot's answer, or that it waits no longer. */
export function drawBusy(messageId, data, isBusy) {
  for (const button of byId("messages").querySelectorAll(`[data-message-id="${messageId}"] button.inline`)) {
    if (button.dataset.value === data) button.setAttribute("aria-busy", String(isBusy));
  }
}

let toastTimer = 0;
export function toast(text) {
  byId("toast").textContent = text;
  byId("toast").classList.add("visible");
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => byId("toast").classList.remove("visible"), 4000);
}

export function alertBox(text) {
  byId("alert-text").textContent = text;
  if (!byId("alert").open) byId("alert").showModal();
}
