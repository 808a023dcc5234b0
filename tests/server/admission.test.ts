/** @file Who may use the server, with requests as an attacker would write them. */
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { describe, expect, test } from "vitest";
import { runServer, upgradeHeaders } from "./running-server.ts";

describe("the token", () => {
	test("is exchanged for a cookie that scripts and other sites cannot use", async () => {
		const { send, token, port, openInBrowser } = await runServer();
		const answer = await send(`GET /?token=${token}`);
		expect(answer.status).toBe(303);
		expect(answer.headers.location).toBe("/");
		const cookie = answer.headers["set-cookie"];
		expect(cookie).toMatch(
			new RegExp(`^afterimage-${port}=[\\w-]{43}; HttpOnly; SameSite=Strict; Path=/$`),
		);
		expect(cookie).not.toContain(token);
		const page = await send("GET /", await openInBrowser());
		expect(page.status).toBe(200);
		expect(page.body).toContain("<title>Page</title>");
	});

	test("brought from another site leads on by a page, on which browsers send the cookie", async () => {
		const { send, token } = await runServer();
		const answer = await send(`GET /?token=${token}`, { "Sec-Fetch-Site": "cross-site" });
		expect(answer.status).toBe(200);
		expect(answer.headers["set-cookie"]).toContain("HttpOnly");
		expect(answer.body).toContain('http-equiv="refresh"');
		expect(answer.body).not.toContain(token);
	});

	test.each([
		"GET /",
		"GET /?token=wrong",
		"GET /?token=",
		"GET /index.html",
		"GET /assets/index-abc123.js",
		"GET /photos/1/thumbnail",
		"GET /api/progress",
		"GET /api/openapi.json",
		"POST /api/pause",
		"GET /rpc",
	])("is needed for %s", async (requestLine) => {
		const { send } = await runServer();
		const answer = await send(requestLine);
		expect(answer.status).toBe(401);
		expect(answer.headers["set-cookie"]).toBeUndefined();
	});

	test("is needed for a WebSocket", async () => {
		const { send, address } = await runServer();
		const answer = await send("GET /rpc", { ...upgradeHeaders, Origin: address });
		expect(answer.status).toBe(401);
	});

	test("of the address does not serve as the cookie, nor the cookie as bearer", async () => {
		const { send, token, port, openInBrowser } = await runServer();
		expect((await send("GET /", { Cookie: `afterimage-${port}=${token}` })).status).toBe(401);
		const session = (await openInBrowser()).Cookie.split("=")[1] ?? "";
		expect((await send("GET /", { Authorization: `Bearer ${session}` })).status).toBe(401);
	});

	test("of one server is worth nothing at another", async () => {
		const [one, other] = [await runServer(), await runServer()];
		expect((await other.send("GET /", one.bearer)).status).toBe(401);
		expect((await other.send("GET /", await one.openInBrowser())).status).toBe(401);
	});

	test("missing in a browser shows a page that says what to do and may load nothing", async () => {
		const { send } = await runServer();
		const { status, headers, body } = await send("GET /", { Accept: "text/html,*/*" });
		expect(status).toBe(401);
		expect(headers["content-type"]).toBe("text/html; charset=utf-8");
		expect(headers["content-security-policy"]).toMatch(
			/^default-src 'none'; style-src 'sha256-[\w+/=]+';/,
		);
		expect(body).toContain("address that Afterimage printed");
	});
});

describe("the Host header", () => {
	test.each(["evil.example", "evil.example:PORT", "127.0.0.1", "127.0.0.1:1", "0.0.0.0:PORT"])(
		"%s is refused even with the token",
		async (host) => {
			const { send, bearer, port, token } = await runServer();
			const Host = host.replace("PORT", String(port));
			expect((await send("GET /", { ...bearer, Host })).status).toBe(421);
			const exchange = await send(`GET /?token=${token}`, { Host });
			expect(exchange.status).toBe(421);
			expect(exchange.headers["set-cookie"]).toBeUndefined();
			const upgrade = await send("GET /rpc", { ...bearer, ...upgradeHeaders, Host });
			expect(upgrade.status).toBe(421);
		},
	);

	test("missing is refused", async () => {
		const { send, bearer } = await runServer();
		expect((await send("GET /", { ...bearer, Host: "" })).status).toBe(400);
	});

	test.each(["localhost", "LOCALHOST", "[::1]", "127.0.0.1"])("%s is ours", async (name) => {
		const { send, bearer, port } = await runServer();
		expect((await send("GET /", { ...bearer, Host: `${name}:${port}` })).status).toBe(200);
	});
});

describe("the Origin header", () => {
	test.each([
		"https://evil.example",
		"null",
		"http://127.0.0.1:1",
		"http://localhost.evil.example",
	])("%s is refused even with cookie or token", async (Origin) => {
		const { send, bearer, openInBrowser } = await runServer();
		for (const secret of [bearer, await openInBrowser()]) {
			expect((await send("GET /api/progress", { ...secret, Origin })).status).toBe(403);
			expect((await send("POST /api/pause", { ...secret, Origin })).status).toBe(403);
			const upgrade = await send("GET /rpc", { ...secret, ...upgradeHeaders, Origin });
			expect(upgrade.status).toBe(403);
		}
	});

	test("missing is refused for a cookie that could change something", async () => {
		const { send, openInBrowser } = await runServer();
		const cookie = await openInBrowser();
		expect((await send("POST /api/pause", cookie)).status).toBe(403);
		expect((await send("DELETE /api/folders/1", cookie)).status).toBe(403);
		expect((await send("GET /rpc", { ...cookie, ...upgradeHeaders })).status).toBe(403);
	});

	test("ours opens the channel and may change things", async () => {
		const { send, address, openInBrowser } = await runServer();
		const headers = { ...(await openInBrowser()), Origin: address };
		expect((await send("POST /api/pause", headers)).status).toBe(200);
		expect((await send("GET /rpc", { ...headers, ...upgradeHeaders })).status).toBe(101);
	});

	test("is not asked of a program with the token, which no browser sends by itself", async () => {
		const { send, bearer } = await runServer();
		expect((await send("POST /api/pause", bearer)).status).toBe(200);
		expect((await send("GET /rpc", { ...bearer, ...upgradeHeaders })).status).toBe(101);
	});

	test("is stood in for by Sec-Fetch-Site where pictures are embedded by another local site", async () => {
		const { send, openInBrowser } = await runServer();
		const embedded = { "Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors" };
		const answer = await send("GET /photos/1/thumbnail", {
			...(await openInBrowser()),
			...embedded,
		});
		expect(answer.status).toBe(403);
	});
});

test("the server cannot be reached from the network", async () => {
	const { port } = await runServer();
	const outside = Object.values(networkInterfaces())
		.flatMap((addresses) => addresses ?? [])
		.filter((address) => address.family === "IPv4" && !address.internal);
	const reached = await Promise.all(
		outside.map(
			({ address }) =>
				new Promise<boolean>((resolve) => {
					const socket = connect({ host: address, port, timeout: 2000 });
					const end = (connected: boolean) => {
						socket.destroy();
						resolve(connected);
					};
					socket.on("connect", () => end(true));
					socket.on("error", () => end(false));
					socket.on("timeout", () => end(false));
				}),
		),
	);
	expect(reached).toEqual(outside.map(() => false));
});
