import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatMarker, parseMarker, visibleBody } from "../../src/forge/comment-marker.ts";
import type { ForgeClient, ForgeComment } from "../../src/forge/forge-client.ts";
import { ForgeFailure, failureOf, userErrorOf } from "../../src/forge/forge-failure.ts";
import { postComment } from "../../src/forge/post-comment.ts";
import type { CommentBehaviour } from "../../src/pull-request-comment.ts";

const NOW = Date.parse("2026-06-01T00:00:00Z");
const START = Date.parse("2026-01-01T00:00:00Z");

interface World {
  head: string;
  comments: ForgeComment[];
  nextId: number;
  /** Called before each answer; what it awaits lets others go first. */
  turn: () => Promise<void>;
}

/** A forge of one pull request, in memory. */
function forgeOf(world: World): ForgeClient {
  return {
    label: "Forge",
    commentLimit: 1000,
    markerStyle: "html",
    right: "a right",
    head: async () => {
      await world.turn();
      return world.head;
    },
    viewer: async () => "me",
    comments: async () => {
      await world.turn();
      return [...world.comments];
    },
    create: async (body) => {
      await world.turn();
      const comment = { id: String(world.nextId++), body, author: "me", url: null, hidden: false };
      world.comments = [...world.comments, comment];
      return comment;
    },
    update: async ({ id }, body) => {
      await world.turn();
      if (!world.comments.some((one) => one.id === id)) throw new ForgeFailure("not-found", "gone");
      world.comments = world.comments.map((one) => (one.id === id ? { ...one, body } : one));
    },
    remove: async ({ id }) => {
      await world.turn();
      if (!world.comments.some((one) => one.id === id)) throw new ForgeFailure("not-found", "gone");
      world.comments = world.comments.filter((one) => one.id !== id);
    },
    hide: async ({ id }) => {
      await world.turn();
      world.comments = world.comments.map((one) => (one.id === id ? { ...one, hidden: true } : one));
    },
  };
}

interface Run {
  /** Minutes after the start; the later run is for the later commit. */
  readonly minute: number;
  readonly body: string;
  readonly knowsHead: boolean;
}

/** Zeros, so that no two minutes make one commit. */
const commitAt = (minute: number) => minute.toString(16).padStart(40, "0");

function runOn(world: World, run: Run, behaviour: CommentBehaviour, key = "default") {
  return postComment(
    forgeOf(world),
    {
      key,
      behaviour,
      time: new Date(START + run.minute * 60_000).toISOString(),
      worthFirst: true,
      dryRun: false,
      tokenVariable: null,
      maxWaitMs: 0,
      body: () => run.body,
      report: () => {},
    },
    { head: run.knowsHead ? commitAt(run.minute) : null, nowMs: NOW, secondMs: 0 },
  );
}

/** Newest last, as they stand on the page. */
function shownOf(world: World, key = "default"): readonly string[] {
  return world.comments
    .filter((one) => !one.hidden && parseMarker(one.body, NOW)?.key === key)
    .map(({ body }) => visibleBody(body));
}

const bodies = fc.constantFrom("costs more", "costs less", "costs the same", "unknown");
const behaviours = fc.constantFrom<CommentBehaviour>("update", "new", "delete-and-new", "hide-and-new");
const minutes = fc.integer({ min: 1, max: 5000 });

function markedComment(minute: number, body: string, id: string): ForgeComment {
  const marker = formatMarker(
    { key: "default", timeMs: START + minute * 60_000, head: commitAt(minute) },
    "html",
  );
  return { id, body: `${marker}\n\n${body}`, author: "me", url: null, hidden: false };
}

describe("two runs", () => {
  test("in any order leave the newer body, whatever stood before", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(minutes, { minLength: 3, maxLength: 3 }),
        fc.tuple(bodies, bodies, bodies),
        behaviours,
        fc.record({ before: fc.boolean(), newerFirst: fc.boolean(), headsKnown: fc.boolean() }),
        async (times, [first, second, third], behaviour, { before, newerFirst, headsKnown }) => {
          const [oldest = 0, older = 0, newer = 0] = times.toSorted((a, b) => a - b);
          const world: World = { head: commitAt(newer), comments: [], nextId: 2, turn: async () => {} };
          if (before) world.comments = [markedComment(oldest, first, "1")];
          const runs = [
            { minute: older, body: second, knowsHead: headsKnown },
            { minute: newer, body: third, knowsHead: headsKnown },
          ];
          // Where no run knows its commit, time alone decides, and a body that stands already carries the older time.
          if (!headsKnown && newerFirst && before && third === first) return;
          for (const run of newerFirst ? runs.toReversed() : runs) await runOn(world, run, behaviour);
          expect(shownOf(world).at(-1)).toBe(third);
          if (behaviour !== "new") expect(shownOf(world)).toHaveLength(1);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("at the same time, step by step in any interleaving, leave the newer body once", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.uniqueArray(minutes, { minLength: 2, maxLength: 2 }),
        behaviours,
        fc.boolean(),
        async (scheduler, times, behaviour, before) => {
          const [older = 0, newer = 0] = times.toSorted((a, b) => a - b);
          const world: World = {
            head: commitAt(newer),
            comments: before ? [markedComment(0, "first", "1")] : [],
            nextId: 2,
            turn: () => scheduler.schedule(Promise.resolve()),
          };
          const both = Promise.all([
            runOn(world, { minute: older, body: "older", knowsHead: true }, behaviour),
            runOn(world, { minute: newer, body: "newer", knowsHead: true }, behaviour),
          ]);
          await scheduler.waitFor(both);
          expect(shownOf(world).at(-1)).toBe("newer");
          expect(shownOf(world)).not.toContain("older");
        },
      ),
      { numRuns: 300 },
    );
  });

  test("of the same commit that both find no comment leave one", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.boolean(), async (scheduler, sameTime) => {
        const world: World = {
          head: commitAt(9),
          comments: [],
          nextId: 1,
          turn: () => scheduler.schedule(Promise.resolve()),
        };
        const run = { minute: 9, body: "same", knowsHead: true };
        const twin = sameTime ? run : { ...run, minute: 8, knowsHead: false };
        await scheduler.waitFor(Promise.all([runOn(world, run, "update"), runOn(world, twin, "update")]));
        expect(shownOf(world)).toEqual(["same"]);
      }),
      { numRuns: 200 },
    );
  });

  test("with different keys leave each other alone", async () => {
    const keys = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 20, unit: "grapheme" }), {
      minLength: 2,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(keys, behaviours, async (names, behaviour) => {
        const world: World = { head: commitAt(5), comments: [], nextId: 1, turn: async () => {} };
        for (const body of ["one", "two"])
          for (const key of names)
            await runOn(
              world,
              { minute: body === "one" ? 5 : 6, body: `${key} ${body}`, knowsHead: false },
              behaviour,
              key,
            );
        for (const key of names) expect(shownOf(world, key).at(-1)).toBe(`${key} two`.trim());
      }),
    );
  });
});

describe("a marker", () => {
  const markers = fc.record({
    key: fc.string({ minLength: 1, maxLength: 100, unit: "binary" }),
    timeMs: fc.integer({ min: 0, max: NOW }),
    head: fc.option(fc.stringMatching(/^[0-9a-f]{7,64}$/), { nil: null }),
  });

  test("is read back as it was written, in both styles, and is one line", () => {
    fc.assert(
      fc.property(markers, fc.constantFrom("html" as const, "link" as const), (marker, style) => {
        const line = formatMarker(marker, style);
        expect(line).not.toMatch(/[\n\r]/);
        // Nothing of the key can end the comment or the parenthesis.
        expect(line.indexOf(style === "html" ? ">" : ")")).toBe(line.length - 1);
        expect(parseMarker(`${line}\n\nbody`, NOW)).toEqual(marker);
        expect(visibleBody(`${line}\r\n\r\nbody\r\n`)).toBe("body");
      }),
    );
  });

  test("of which one character is changed is another's, or differs in that one thing only", () => {
    const line = formatMarker({ key: "a", timeMs: NOW, head: commitAt(1) }, "html");
    fc.assert(
      fc.property(
        fc.nat({ max: line.length - 1 }),
        fc.string({ minLength: 1, maxLength: 1 }),
        (at, letter) => {
          const edited = line.slice(0, at) + letter + line.slice(at + 1);
          const marker = parseMarker(`${edited}\n\nbody`, NOW);
          if (marker !== null) expect(formatMarker(marker, "html")).toBe(edited);
        },
      ),
    );
  });

  test.each([
    ["not on the first line", (line: string) => `Look:\n${line}`],
    ["quoted", (line: string) => `> ${line}`],
    ["of another version", (line: string) => line.replace("v1", "v2")],
    ["without a field", (line: string) => line.replace(/ head=\S+/, "")],
    ["with a field more", (line: string) => line.replace(" head=", " x=1 head=")],
    ["with a broken key", (line: string) => line.replace("key=a", "key=%E0%A4")],
    ["with an impossible time", (line: string) => line.replace(/time=\S+/, "time=2026-13-45T99:00:00.000Z")],
    ["of days to come", (line: string) => line.replace(/time=\S+/, "time=2026-06-03T00:00:00.000Z")],
    ["with words behind it", (line: string) => `${line} and more`],
  ])("%s is not ours", (_, edit) => {
    const line = formatMarker({ key: "a", timeMs: NOW, head: null }, "html");
    expect(parseMarker(line, NOW)).not.toBeNull();
    expect(parseMarker(`${edit(line)}\n\nbody`, NOW)).toBeNull();
  });
});

test("what a forge says ends with one full stop", () => {
  const answer = { status: 403, headers: {}, text: '{"message":"Higher privileges are needed."}' };
  const context = { label: "GitLab", place: "a/b!1", right: "Give it api." };
  expect(userErrorOf(failureOf(answer), context).message).toBe(
    "Cannot comment on GitLab a/b!1: the answer was 403: Higher privileges are needed.",
  );
});
