// SPDX-License-Identifier: GPL-3.0-or-later
// Small pieces of the author's panel, from data to elements.

import { make } from "/view.js";

const NOTHING = "none yet";

/** Return names and values as a description list; empty values are left out. */
export function facts(pairs) {
  const lines = pairs.filter(([, value]) => value);
  if (!lines.length) return make("p", { class: "none" }, NOTHING);
  const parts = lines.flatMap(([name, value]) => [make("dt", {}, name), make("dd", { dir: "auto" }, value)]);
  return make("dl", {}, ...parts);
}

export function answersTable(answers) {
  if (!answers.length) return make("p", { class: "none" }, NOTHING);
  const head = ["Message", "Answer", "Value"].map((title) => make("th", { scope: "col" }, title));
  const rows = answers.map(({ message, name, value }) =>
    make("tr", {}, ...[message, name, value].map((text) => make("td", { dir: "auto" }, text))));
  return make("table", {}, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows));
}

export function finishedList(finished, done) {
  if (!finished.length) return make("p", { class: "none" }, NOTHING);
  const items = finished.map(({ dialogue, ended, answers }) => make("li", {},
    make("code", {}, dialogue), ended ? "" : " (interrupted)", answers.length ? `: ${answers.join(", ")}` : ""));
  return [make("p", { class: "none" }, `Done: ${done.join(", ") || "none"}`), make("ol", {}, ...items)];
}

const count = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;

export function summaryOf(problems) {
  const errors = problems.filter((each) => each.severity === "error").length;
  const warnings = problems.length - errors;
  const look = errors ? "bad" : warnings ? "fair" : "good";
  const counted = [errors && count(errors, "error"), warnings && count(warnings, "warning")].filter(Boolean).join(", ");
  const words = errors
    ? `${counted}. Files with errors are shown as they were before.`
    : counted || "The checker finds nothing wrong.";
  return make("p", { class: `summary ${look}` }, words);
}

export function problemList(problems) {
  const worstFirst = [...problems].sort((a, b) => (a.severity === "error" ? 0 : 1) - (b.severity === "error" ? 0 : 1));
  const items = worstFirst.map(({ severity, file, message, language, what, mend }) => make("li", { class: severity },
    make("p", { class: "spot" },
      make("strong", { class: "severity" }, severity), " ", make("code", {}, file),
      message === null ? "" : " › ", message === null ? "" : make("code", {}, message),
      language === null ? "" : ` (${language})`),
    make("p", {}, `${what}.`),
    make("p", { class: "mend" }, `${mend}.`)));
  return items.length ? make("ul", {}, ...items) : "";
}
