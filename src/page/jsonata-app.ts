/** The JSONata app lets a page follow constants through expressions; only pages with such workflows carry it. */
import jsonata from "jsonata";

window.parseJsonata = (expression: string): unknown => {
  try {
    return jsonata(expression).ast();
  } catch {
    return null;
  }
};
