/** Node output is standard output and standard error: a terminal, a pipe or a file. */
import { fstatSync, writeSync } from "node:fs";
import { reasonOf } from "./node-fault.ts";
import { once } from "./once.ts";
import { columnsOf, usesColour } from "./shell.ts";
import type { OutputStream, Shell } from "./shell.ts";
import { UserError } from "./user-error.ts";

/** 1 is standard output, 2 standard error. */
type Descriptor = 1 | 2;

interface ByteStream extends OutputStream {
  write(text: string | Uint8Array): Promise<void>;
}

/** Files and pipes are written to without Node's streams, which wait for neither and take longer to load than all of a short run to write. */
export function standardStream(descriptor: Descriptor, env: Shell["env"]): OutputStream {
  const stream = () => outputStream(descriptor === 1 ? process.stdout : process.stderr, env);
  return isFileOrPipe(descriptor) ? directStream(descriptor, env, stream) : stream();
}

/** Windows has pipes of its own kind; of what cannot be looked at, Node makes what it can. */
function isFileOrPipe(descriptor: Descriptor): boolean {
  try {
    const stat = fstatSync(descriptor);
    return stat.isFile() || (process.platform !== "win32" && (stat.isFIFO() || stat.isSocket()));
  } catch {
    return false;
  }
}

/** A pipe that somebody else has told not to wait is left, once it is full, to Node's stream, which can. */
function directStream(descriptor: Descriptor, env: Shell["env"], stream: () => ByteStream): OutputStream {
  const patient = once(stream);
  let isFull = false;
  let isGone = false;
  return {
    isTTY: false,
    columns: columnsOf(env, undefined),
    colour: usesColour(env, false),
    write: async (text) => {
      let rest: Uint8Array = Buffer.from(text);
      while (rest.length > 0 && !isFull && !isGone) {
        try {
          rest = rest.subarray(writeSync(descriptor, rest));
        } catch (error) {
          const { code } = error as NodeJS.ErrnoException;
          isFull = code === "EAGAIN";
          isGone = code === "EPIPE";
          if (!isFull && !isGone) throw unwritable(error);
        }
      }
      if (isFull) await patient().write(rest);
    },
  };
}

/** A stream that goes quiet when its reader has gone: `stepfare … | head` must not end in a stack. */
export function outputStream(stream: NodeJS.WriteStream, env: Shell["env"]): ByteStream {
  const isTTY = stream.isTTY === true;
  let gone = false;
  // Every failed write is told to its callback as well; without a listener node would throw it again.
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") gone = true;
  });
  return {
    isTTY,
    get columns() {
      return columnsOf(env, stream.columns);
    },
    colour: usesColour(env, isTTY),
    write: (text) =>
      gone
        ? Promise.resolve()
        : new Promise((resolve, reject) => {
            stream.write(text, (error) => {
              const code = error && "code" in error ? error.code : null;
              if (!error || code === "EPIPE" || code === "ERR_STREAM_DESTROYED") resolve();
              else reject(unwritable(error));
            });
          }),
  };
}

function unwritable(error: unknown): UserError {
  return new UserError("unwritable-output", `Cannot write the output: ${reasonOf(error)}.`);
}

/** What is said beside the output changes nothing of a run, so neither does a place that cannot take it, such as a full disk. */
export function neverFailing(stream: OutputStream): OutputStream {
  return {
    ...stream,
    get columns() {
      return stream.columns;
    },
    write: (text) => stream.write(text).catch(() => undefined),
  };
}
