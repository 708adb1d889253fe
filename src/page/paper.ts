/** On paper nothing can be unfolded or moved: all is open and drawn whole while a page is printed, and as it was after that. */

export function openForPrint(): void {
  const undo: (() => void)[] = [];
  addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll<HTMLDetailsElement>("details:not([open])")) {
      details.open = true;
      undo.push(() => (details.open = false));
    }
    for (const svg of document.querySelectorAll<SVGSVGElement>("svg.graph")) undo.push(drawWhole(svg));
  });
  addEventListener("afterprint", () => {
    for (const each of undo.splice(0)) each();
  });
}

/** Gives what takes it back. */
function drawWhole(svg: SVGSVGElement): () => void {
  const { width = "", height = "" } = svg.dataset;
  const whole = { viewBox: `0 0 ${width} ${height}`, width, height };
  const before = Object.keys(whole).map((name) => [name, svg.getAttribute(name)] as const);
  for (const [name, value] of Object.entries(whole)) svg.setAttribute(name, value);
  return () => {
    for (const [name, value] of before) {
      if (value === null) svg.removeAttribute(name);
      else svg.setAttribute(name, value);
    }
  };
}
