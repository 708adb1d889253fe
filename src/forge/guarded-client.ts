/** A guarded client is one whose forge may answer anything at all: what is of another form than it should be is a ForgeFailure. */
import type { ForgeClient, ForgeComment } from "./forge-client.ts";
import { ForgeFailure } from "./forge-failure.ts";

export function guardedClient(client: ForgeClient): ForgeClient {
  const { hide } = client;
  return {
    ...client,
    head: () => guarded(async () => textOrNull(await client.head())),
    viewer: () => guarded(async () => textOrNull(await client.viewer())),
    comments: () => guarded(async () => (await client.comments()).map(readable)),
    create: (body) => guarded(async () => readable(await client.create(body))),
    update: (comment, body) => guarded(() => client.update(comment, body)),
    remove: (comment) => guarded(() => client.remove(comment)),
    hide: hide === null ? null : (comment) => guarded(() => hide(comment)),
  };
}

async function guarded<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new ForgeFailure("refused", `the answer is not of the form it should have (${error.message})`);
  }
}

/** Fields come as the forge wrote them, whatever their types promise. */
function readable(comment: ForgeComment): ForgeComment {
  const { body, author, url } = comment;
  return {
    ...comment,
    body: textOrNull(body) ?? "",
    author: textOrNull(author),
    url: textOrNull(url),
  };
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
