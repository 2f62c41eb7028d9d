// SPDX-License-Identifier: GPL-3.0-or-later
// What comes from the server: lists that are fetched, and live events that are added to them.

import { get } from "./net.js";
import {
  alertBox, busy, byId, chatOf, chats, drawBusy, drawChat, drawHead, drawMessage, drawPeople, people, removeMessage,
  state, toast, toEnd,
} from "./screen.js";

const TYPING_MS = 5000;

/** Who else wants to hear of every event; `shown` is one of them: another chat is on the screen. */
export const listeners = new Set();
export const notify = (event) => listeners.forEach((listener) => listener(event));

const apply = {
  message(chat, id, message) {
    const isNew = !chat.messages.has(message.message_id);
    chat.messages.set(message.message_id, message);
    if (isNew) Object.assign(chat, { last: message.plain || message.kind, newest: message.message_id });
    if (isNew && message.from_bot) stopTyping(chat);
    if (isNew && message.from_bot && id !== state.shown) chat.unread += 1;
    if (id !== state.shown) return;
    drawMessage(message, isNew);
    drawHead();
    if (isNew && !message.from_bot) toEnd();
  },
  deleted(chat, id, messageId) {
    chat.messages.delete(messageId);
    if (id === state.shown) removeMessage(messageId);
  },
};

function stopTyping(chat) {
  clearTimeout(chat.typing);
  chat.typing = 0;
}

function startTyping(id) {
  const chat = chatOf(id);
  stopTyping(chat);
  chat.typing = setTimeout(() => { stopTyping(chat); drawHead(); }, TYPING_MS);
  drawHead();
}

function answered(id, answer) {
  release(answer.message_id, answer.data);
  if (id !== state.shown || !answer.text) return;
  if (answer.show_alert) alertBox(answer.text);
  else toast(answer.text);
}

/** A press has been answered, or nobody waits for the answer any more. */
export function release(messageId, data) {
  const key = `${messageId}/${data}`;
  clearTimeout(busy.get(key));
  busy.delete(key);
  drawBusy(messageId, data, false);
}

function person(event) {
  people.set(event.chat_id, { ...event.body, sequence: event.sequence });
  drawHead();
}

export function onEvent(event) {
  const id = event.chat_id;
  if (event.kind === "person") person(event);
  else if (event.kind === "typing") startTyping(id);
  else if (event.kind === "answer") answered(id, event.body);
  else if (event.kind === "commands") loadCommands().catch(() => {});
  else if (apply[event.kind]) {
    const chat = chatOf(id);
    if (chat.loads) chat.waiting.push(event);
    else take(chat, id, event);
  }
  if (event.kind !== "typing") drawPeople();
  notify(event);
}

function take(chat, id, event) {
  if (event.sequence <= chat.sequence) return;
  chat.sequence = event.sequence;
  apply[event.kind](chat, id, event.body);
}

/** Fetch a chat. Events that come meanwhile wait; those that the answer includes already are dropped. */
export async function loadChat(id) {
  const chat = chatOf(id);
  chat.loads += 1;
  try {
    const answer = await get(`/people/${id}/messages`);
    chat.messages = new Map(answer.messages.map((message) => [message.message_id, message]));
    chat.sequence = answer.sequence;
    chat.more = answer.more;
    chat.loaded = true;
    if (id === state.shown) drawChat();
  } finally {
    chat.loads -= 1;
    if (!chat.loads) for (const event of chat.waiting.splice(0)) take(chat, id, event);
  }
}

export async function loadCommands() {
  const id = state.shown;
  if (!people.has(id)) return;
  chatOf(id).commands = (await get(`/people/${id}/commands`)).commands;
  drawHead();
}

/** Fetch the persons anew after a connection began; chats are fetched when they are shown. */
export async function loadPeople() {
  for (const chat of chats.values()) Object.assign(chat, { loaded: false, sequence: -1 });
  for (const each of people.values()) each.sequence = -1;
  const answer = await get("/people");
  const newer = [...people.values()].filter((each) => each.sequence > answer.sequence);
  people.clear();
  for (const each of [...answer.people, ...newer]) people.set(each.id, { sequence: answer.sequence, ...each });
  for (const each of answer.people) catchUp(chatOf(each.id), each);
  byId("bot-name").textContent = answer.bot.first_name;
  state.hasPanel = answer.panel;
  return answer.people[0]?.id || 0;
}

/** Note what came to a chat while nobody listened. */
function catchUp(chat, { id, last, newest }) {
  if (chat.newest && newest > chat.newest && id !== state.shown) chat.unread += 1;
  chat.newest = newest;
  chat.last = last;
}
