// SPDX-License-Identifier: GPL-3.0-or-later
// The way to the server: requests as JSON, and one WebSocket that comes back by itself.

const SHORTEST_PAUSE = 300;
const LONGEST_PAUSE = 5000;

async function request(path, options) {
  const response = await fetch(path, options);
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.error || `The server answered ${response.status}.`);
  return body;
}

export const get = (path) => request(path, { cache: "no-store" });

export const post = (path, body = {}) =>
  request(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });

let pending = Promise.resolve();

/**
 * Post what happens once, one after the other. When the connection is lost nobody knows whether a post has arrived:
 * the same comes again, with the same key, as soon as there is a connection. `onWait` is called before.
 */
export function postOnce(path, body, onWait = () => {}) {
  const keyed = { ...body, key: crypto.randomUUID() };
  const done = pending.then(() => untilPosted(path, keyed, onWait));
  pending = done.catch(() => {});
  return done;
}

async function untilPosted(path, body, onWait) {
  for (;;) {
    try {
      return await post(path, body);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      onWait();
      await new Promise((resolve) => setTimeout(resolve, SHORTEST_PAUSE));
    }
  }
}

/** Call `onEvent` for every live event, `onOpen` whenever a connection begins, `onAway` when it is lost. */
export function listen({ onEvent, onOpen, onAway }) {
  let pause = SHORTEST_PAUSE;
  const connect = () => {
    const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/events`);
    socket.onmessage = ({ data }) => {
      const event = JSON.parse(data);
      if (event.kind !== "hello") return onEvent(event);
      pause = SHORTEST_PAUSE;
      return onOpen();
    };
    socket.onclose = () => {
      onAway();
      setTimeout(connect, pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    };
  };
  connect();
}
