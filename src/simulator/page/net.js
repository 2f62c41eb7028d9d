// SPDX-License-Identifier: GPL-3.0-or-later
// The way to the server: requests as JSON, and one WebSocket that comes back by itself.

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

/** Call `onEvent` for every live event, `onOpen` whenever a connection begins, `onAway` when it is lost. */
export function listen({ onEvent, onOpen, onAway }) {
  let pause = 300;
  const connect = () => {
    const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/events`);
    socket.onmessage = ({ data }) => {
      const event = JSON.parse(data);
      if (event.kind !== "hello") return onEvent(event);
      pause = 300;
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
