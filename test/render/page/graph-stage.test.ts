import { expect, test } from "vitest";
import { stageMarkup } from "../../../src/render/page/graph-stage.ts";
import { html, htmlText } from "../../../src/render/page/html.ts";

test.each([
  ["an ordinary one", { width: 900, height: 1200 }, "stage alone"],
  ["a long one", { width: 400, height: 3000 }, "stage alone tall"],
  ["one as long as a scroll", { width: 400, height: 20_000 }, "stage alone vast"],
  ["one as wide as a wall", { width: 9000, height: 300 }, "stage alone vast"],
])("%s goes on as much paper as it can be read on", (_, layout, classes) => {
  const markup = htmlText(stageMarkup({ drawing: html`<svg></svg>`, layout, label: "Drawing" }));
  expect(markup).toContain(`<div class="${classes}">`);
});
