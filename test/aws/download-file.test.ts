import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { downloadFile } from "../../src/aws/download-file.ts";

const open: Server[] = [];

async function listen(server: Server): Promise<string> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function origin(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  return listen(createServer(answer));
}

/** A proxy that tunnels (`status` 200) or refuses, and remembers where it was asked to go. */
async function connectProxy(status = 200): Promise<{ host: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((_, response) => response.writeHead(501).end());
  server.on("connect", (request, client, head) => {
    asked.push(request.url ?? "");
    if (status !== 200) {
      client.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const [host, port] = (request.url ?? "").split(":");
    const target = connect(Number(port), host, () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      target.write(head);
      target.pipe(client).pipe(target);
    });
    for (const socket of [target, client]) socket.on("error", () => target.destroy());
  });
  return { host: await listen(server), asked };
}

beforeEach(() => {
  for (const name of ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"]) {
    vi.stubEnv(name, "");
    vi.stubEnv(name.toLowerCase(), "");
  }
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(
    open.splice(0).map((server) => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    }),
  );
});

async function failureOf(download: Promise<unknown>) {
  return download.then(
    () => null,
    (error: { code?: string; exitCode?: number; message: string }) => error,
  );
}

describe("without a proxy", () => {
  test("gives the bytes", async () => {
    const host = await origin((_, response) => response.end(Buffer.from([0, 255, 10])));
    expect([...(await downloadFile(`http://${host}/offer.json`))]).toEqual([0, 255, 10]);
  });

  test.each([404, 403, 500, 302, 204])("an answer %d is a failure of the network", async (status) => {
    const host = await origin((_, response) => response.writeHead(status).end());
    expect(await failureOf(downloadFile(`http://${host}/x`))).toMatchObject({
      code: "download-failed",
      exitCode: 3,
      message: expect.stringContaining(`the answer was ${status}`),
    });
  });

  test("more bytes than allowed are refused", async () => {
    const host = await origin((_, response) => response.end("x".repeat(101)));
    expect((await downloadFile(`http://${host}/`, { maxBytes: 101 })).byteLength).toBe(101);
    expect(await failureOf(downloadFile(`http://${host}/`, { maxBytes: 100 }))).toMatchObject({
      exitCode: 3,
      message: expect.stringContaining("larger than 100 bytes"),
    });
  });

  test("an answer that breaks off is refused", async () => {
    const host = await origin((_, response) => {
      response.writeHead(200, { "content-length": "1000" }).write("half");
      setTimeout(() => response.destroy(), 20);
    });
    expect(await failureOf(downloadFile(`http://${host}/`))).toMatchObject({
      code: "download-failed",
      exitCode: 3,
    });
  });

  test("a silent host is given up: before its answer and within it", async () => {
    const silent = await origin(() => {});
    const stalled = await origin((_, response) => response.writeHead(200).write("half"));
    for (const host of [silent, stalled]) {
      expect(await failureOf(downloadFile(`http://${host}/`, { timeoutMs: 100 }))).toMatchObject({
        exitCode: 3,
        message: expect.stringContaining("no answer within 0.1 s"),
      });
    }
  });

  test("a refused connection is named", async () => {
    const host = await origin((_, response) => response.end());
    await new Promise((resolve) => open.pop()!.close(resolve));
    expect(await failureOf(downloadFile(`http://${host}/`))).toMatchObject({
      exitCode: 3,
      message: `Cannot download http://${host}/: the connection was refused.`,
    });
  });
});

describe("with a proxy in the environment", () => {
  test("the file comes through its tunnel", async () => {
    const host = await origin((_, response) => response.end("through"));
    const proxy = await connectProxy();
    vi.stubEnv("HTTP_PROXY", `http://${proxy.host}`);
    expect(new TextDecoder().decode(await downloadFile(`http://${host}/`))).toBe("through");
    expect(proxy.asked).toEqual([host]);
  });

  test("HTTPS_PROXY is asked for an https host; its refusal is told without its password", async () => {
    const proxy = await connectProxy(403);
    vi.stubEnv("HTTPS_PROXY", `http://somebody:hidden@${proxy.host}`);
    const failure = await failureOf(downloadFile("https://prices.example.test/offer.json"));
    expect(proxy.asked).toEqual(["prices.example.test:443"]);
    expect(failure).toMatchObject({ code: "download-failed", exitCode: 3 });
    expect(failure?.message).toContain(`through the proxy ${proxy.host}: the answer was 403`);
    expect(failure?.message).not.toContain("hidden");
  });

  test("a proxy without a scheme is an http proxy", async () => {
    const proxy = await connectProxy(403);
    vi.stubEnv("HTTPS_PROXY", proxy.host);
    await failureOf(downloadFile("https://prices.example.test/offer.json"));
    expect(proxy.asked).toEqual(["prices.example.test:443"]);
  });

  test("NO_PROXY goes around it", async () => {
    const host = await origin((_, response) => response.end("direct"));
    const proxy = await connectProxy(403);
    vi.stubEnv("HTTP_PROXY", `http://${proxy.host}`);
    vi.stubEnv("NO_PROXY", "localhost,127.0.0.1");
    expect(new TextDecoder().decode(await downloadFile(`http://${host}/`))).toBe("direct");
    expect(proxy.asked).toEqual([]);
  });

  test("a proxy of another kind is refused, its value untold", async () => {
    vi.stubEnv("HTTPS_PROXY", "socks5://somebody:hidden@127.0.0.1:1080");
    const failure = await failureOf(downloadFile("https://prices.example.test/"));
    expect(failure).toMatchObject({ code: "download-failed", exitCode: 3 });
    expect(failure?.message).not.toContain("hidden");
  });
});
