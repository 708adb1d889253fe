import { expect, test } from "vitest";
import type { ForgeClient } from "../../src/forge/forge-client.ts";
import { bitbucketClient } from "../../src/forge/bitbucket-client.ts";
import { gitlabClient } from "../../src/forge/gitlab-client.ts";
import { guardedClient } from "../../src/forge/guarded-client.ts";

/** A connection on which every request is answered with this. */
function answered(body: unknown) {
  return {
    apiUrl: "https://forge.example/api/v4",
    repo: "o/r",
    pullRequest: 1,
    token: "t",
    fetch: async () =>
      new Response(JSON.stringify(body), { headers: { "content-type": "application/json" } }),
    secondMs: 0,
    paced: false,
  };
}

const clients: readonly (readonly [string, (body: unknown) => ForgeClient])[] = [
  ["GitLab", (body) => guardedClient(gitlabClient(answered(body)))],
  ["Bitbucket", (body) => guardedClient(bitbucketClient(answered(body)))],
];

test.each(clients)(
  "%s: an answer of another form is a failure of the forge, not of the program",
  async (_, open) => {
    await expect(open({ values: [null] }).comments()).rejects.toMatchObject({
      name: "ForgeFailure",
      kind: "refused",
    });
    await expect(open([null]).comments()).rejects.toMatchObject({ name: "ForgeFailure", kind: "refused" });
    expect(await open({ sha: 7, source: { commit: { hash: {} } } }).head()).toBeNull();
  },
);

test("a comment whose text is none is an empty one", async () => {
  const values = [{ id: 1, content: { raw: { a: 1 } }, user: { uuid: 3 } }];
  expect(await guardedClient(bitbucketClient(answered({ values }))).comments()).toMatchObject([
    { id: "1", body: "", author: null },
  ]);
});

test("pages that go round in a circle end", async () => {
  const client = guardedClient(
    bitbucketClient(answered({ values: [], next: "https://forge.example/api/v4/next" })),
  );
  await expect(client.comments()).rejects.toThrow("circle");
});
