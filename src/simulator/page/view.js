// SPDX-License-Identifier: GPL-3.0-or-later
// From data to elements. Texts become text nodes only, never markup.

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

const SIMPLE = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code",
  blockquote: "blockquote", expandable_blockquote: "blockquote",
};

function link(href, content) {
  if (!/^(https?|mailto|tel):/i.test(href)) return content;
  return make("a", { href, target: "_blank", rel: "noopener noreferrer" }, content);
}

function spoiler(content) {
  const show = (event) => {
    if (event.type === "keydown" && event.key !== "Enter") return;
    event.currentTarget.classList.add("shown");
  };
  const attributes = { class: "spoiler", tabindex: 0, role: "button", "aria-label": "Show hidden text" };
  return make("span", { ...attributes, onclick: show, onkeydown: show }, content);
}

function dress(entity, content, part, actions) {
  if (SIMPLE[entity.type]) return make(SIMPLE[entity.type], {}, content);
  if (entity.type === "pre") return make("pre", {}, make("code", {}, content));
  if (entity.type === "text_link") return link(/^\w+:/.test(entity.url) ? entity.url : `http://${entity.url}`, content);
  if (entity.type === "url") return link(part, content);
  if (entity.type === "spoiler") return spoiler(content);
  if (entity.type === "bot_command") {
    return make("button", { type: "button", class: "command", onclick: () => actions.write(part) }, content);
  }
  return content;
}

/** Return text with its entities as nodes. Offsets count UTF-16 units, as JavaScript does. */
export function formatted(text, entities, actions) {
  const walk = (from, to, inside) => {
    const nodes = document.createDocumentFragment();
    let at = from;
    for (let i = 0; i < inside.length; i += 1) {
      const entity = inside[i];
      const begin = Math.max(entity.offset, at);
      const end = Math.min(entity.offset + entity.length, to);
      if (end <= begin) continue;
      const within = inside.slice(i + 1).filter((other) => other.offset < end);
      nodes.append(text.slice(at, begin));
      nodes.append(dress(entity, walk(begin, end, within), text.slice(begin, end), actions));
      at = end;
    }
    nodes.append(text.slice(at, to));
    return nodes;
  };
  return walk(0, text.length, entities);
}

const ONE_EMOJI = /^\p{Extended_Pictographic}\uFE0F?$/u;
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });

export const dayOf = (message) => day.format(new Date(message.date * 1000));

function media(message) {
  if (message.photo !== null && message.file) {
    const image = make("img", { src: message.file, alt: message.plain || message.photo || "Photo" });
    return make("a", { class: "photo", href: message.file, target: "_blank", rel: "noopener" }, image);
  }
  if (message.document !== null && message.file) {
    const ending = (message.document.split(".").pop() || "").slice(0, 4).toUpperCase();
    return make(
      "a", { class: "document", href: message.file, target: "_blank", rel: "noopener" },
      make("span", { class: "ending", "aria-hidden": "true" }, ending),
      make("span", { class: "file-name" }, message.document),
    );
  }
  if (message.kind === "text") return "";
  return make("span", { class: "other" }, message.kind.replaceAll("_", " "));
}

function inlineButton(message, button, actions) {
  const attributes = { class: `inline ${button.style || ""}`.trim(), type: "button", "data-value": button.data ?? "" };
  if (button.url) {
    return make("a", { class: "inline", href: button.url, target: "_blank", rel: "noopener noreferrer" }, `${button.label} ↗`);
  }
  const element = make("button", attributes, button.label);
  if (actions.isBusy(message, button.data)) element.setAttribute("aria-busy", "true");
  element.addEventListener("click", () => actions.press(message, button.data, element));
  return element;
}

function keyboard(message, actions) {
  const rows = message.buttons.map((row) =>
    make("div", { class: "row" }, ...row.map((button) => inlineButton(message, button, actions))),
  );
  return make("div", { class: "keyboard", role: "group", "aria-label": "Answers" }, ...rows);
}

/**
 * Return one message as a list item. `actions` has write, press and isBusy.
 * A bot's message does not say that it was edited, as in Telegram's apps: mostly its buttons went, no word changed.
 */
export function bubble(message, actions) {
  const side = message.from_bot ? "from-bot" : "from-person";
  const look = ONE_EMOJI.test(message.plain) ? "text emoji" : "text";
  const words = message.plain
    ? make("div", { class: look, dir: "auto" }, formatted(message.plain, message.entities, actions)) : "";
  const time = make(
    "time", { datetime: new Date(message.date * 1000).toISOString() },
    (message.edited && !message.from_bot ? "edited " : "") + clock.format(new Date(message.date * 1000)),
  );
  const who = make("span", { class: "sr" }, message.from_bot ? "Bot: " : "You: ");
  const body = make("div", { class: "bubble" }, who, media(message), words, time);
  const item = make("li", { class: `message ${side}`, "data-message-id": message.message_id }, body);
  item.dataset.day = dayOf(message);
  if (message.buttons.length) {
    item.classList.add("asks");
    item.append(keyboard(message, actions));
  }
  return item;
}

/** Return the tab of a person. */
export function tab(person, { selected, unread, last, onSelect }) {
  const attributes = {
    type: "button", role: "tab", class: "person", "data-person": person.id, "aria-selected": String(selected),
    "aria-controls": "chat", tabindex: selected ? 0 : -1, onclick: onSelect,
  };
  const avatar = make("span", { class: `avatar tone-${person.id % 6}`, "aria-hidden": "true" }, [...person.name][0].toUpperCase());
  const name = make("span", { class: "name" }, person.name);
  const below = make("span", { class: "last" }, person.blocked ? "blocked" : last || person.language_code);
  const badge = unread ? make("span", { class: "unread", "aria-label": `${unread} new` }, String(unread)) : "";
  return make("button", attributes, avatar, make("span", { class: "words" }, name, below), badge);
}
