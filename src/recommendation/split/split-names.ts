/** Split names are those of the children and of the states that call them: telling, unlike any other, and within AWS's limits. */
import { contentId } from "../../workflow/content-id.ts";

/** https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const MOST_CHARACTERS = 80;

export interface NameSource {
  /** The wanted name, or the nearest to it that is free and short enough; taken from then on. */
  readonly take: (wanted: string) => string;
}

/** Names are told apart without regard to case: files on some disks are. */
export function openNames(taken: Iterable<string>): NameSource {
  const used = new Set([...taken].map((name) => name.toLowerCase()));
  return {
    take: (wanted) => {
      let name = shortened(wanted);
      for (let number = 2; used.has(name.toLowerCase()); number++) name = shortened(wanted, ` ${number}`);
      used.add(name.toLowerCase());
      return name;
    },
  };
}

/** State machine names take letters, digits, hyphens and underscores. */
export function machineName(parts: readonly string[], names: NameSource): string {
  const whole = parts
    .map((part) => part.replaceAll(/[^A-Za-z0-9_]+/g, "-").replaceAll(/^-+|(?<!-)-+$/g, ""))
    .join("-");
  const isWhole = [...whole].length <= MOST_CHARACTERS - 4;
  const short = isWhole ? whole : `${whole.slice(0, MOST_CHARACTERS - 12)}-${contentId(parts).slice(0, 7)}`;
  return names.take(short).replace(/ (?=\d+$)/, "-");
}

/** Cut by characters, so that none is halved; AWS counts them. */
function shortened(wanted: string, tail = ""): string {
  const characters = [...wanted];
  const room = MOST_CHARACTERS - tail.length;
  return (characters.length <= room ? wanted : `${characters.slice(0, room - 1).join("")}…`) + tail;
}
