/** A folder of definitions: `stepfare analyze` of it all, beside asl-validator only validating the same files. */
import { definitionFolder } from "./definitions.js";
import { aslValidator, stepfare, wholeProcess } from "./whole-process.js";

/** `options[0]`: a folder of one's own; without it, 100 definitions of 20 states are made. */
export async function prepare([own]) {
  const { folder, remove } = own ? { folder: own, remove: undefined } : await definitionFolder(100, 20);
  return {
    title: own ? `asl-validator: ${own}` : "asl-validator: 100 definitions of 20 states",
    rounds: 3,
    contenders: {
      "stepfare analyze": wholeProcess(stepfare, "analyze", folder),
      "asl-validator": wholeProcess(aslValidator, folder),
    },
    cleanUp: remove,
  };
}
