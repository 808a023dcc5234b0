/** @file One suite for every channel: whatever carries the contract, a client sees the same. */
import { createHash, randomBytes } from "node:crypto";
import { ORPCError } from "@orpc/client";
import { describe, expect, onTestFinished, test } from "vitest";
import { photoIdSchema } from "../../contract/ids.ts";
import { createFakeLibrary, everyErrorCode, secretOfDefect } from "../fixtures/fake-library.ts";
import { channels, type OpenChannel } from "./channels.ts";

async function use(open: OpenChannel, columns = 3) {
	const library = createFakeLibrary({ columns });
	const channel = await open(library);
	onTestFinished(() => channel.close());
	return { library, ...channel };
}

async function failureOf(call: Promise<unknown>): Promise<unknown> {
	return call.then(
		() => expect.unreachable("the call should have been refused"),
		(error: unknown) => error,
	);
}

for (const [name, open] of Object.entries(channels)) {
	describe(name, () => {
		test("concurrent calls get their own answers", async () => {
			const { client } = await use(open);
			const queries = Array.from({ length: 50 }, (_, index) => `wait:${(index * 37) % 50}`);
			const results = await Promise.all(
				queries.map((query, index) => client.search.text({ query, limit: index + 1 })),
			);
			expect(results.map((result) => result.hits[0]?.path)).toEqual(queries);
			expect(results.map((result) => result.searched)).toEqual(queries.map((_, at) => at + 1));
		});

		test("defaults of the input are filled in", async () => {
			const { client } = await use(open);
			expect((await client.search.text({ query: "beach" })).searched).toBe(200);
		});

		test("bad input is refused with the names of its fields", async () => {
			const { client } = await use(open);
			const error = await failureOf(client.search.text({ query: "beach", limit: 0 }));
			expect(error).toBeInstanceOf(ORPCError);
			expect(error).toMatchObject({ code: "BAD_REQUEST", status: 400 });
			const { data } = error as ORPCError<string, { issues: { path: unknown[] }[] }>;
			expect(data.issues.map((issue) => issue.path)).toEqual([["limit"]]);
		});

		test.each(everyErrorCode)("%s crosses with message and detail", async (code) => {
			const { client } = await use(open);
			const error = await failureOf(client.search.text({ query: `refuse:${code}` }));
			expect(error).toBeInstanceOf(ORPCError);
			expect(error).toMatchObject({
				code,
				defined: true,
				message: `Refused with ${code}.`,
				data: { path: "/somewhere", field: "query" },
			});
		});

		if (name !== "in-process") {
			test("a defect is an internal error that tells nothing of our insides", async () => {
				const { client } = await use(open);
				const error = await failureOf(client.search.text({ query: "defect" }));
				expect(error).toMatchObject({ code: "INTERNAL_SERVER_ERROR", status: 500 });
				const { message, data } = error as ORPCError<string, unknown>;
				expect(JSON.stringify({ message, data })).not.toContain(secretOfDefect);
				expect(JSON.stringify({ message, data })).not.toContain(".ts");
			});
		}

		test("events arrive in order, and leaving the loop ends the stream", async () => {
			const { client, library } = await use(open);
			const waiting: number[] = [];
			for await (const event of await client.activity.events()) {
				if (event.type === "progress") waiting.push(event.progress.waiting);
				if (waiting.length === 101) break;
			}
			expect(waiting).toEqual(Array.from({ length: 101 }, (_, index) => 100 - index));
			await library.idle();
			expect(library.running()).toBe(0);
		});

		test("an aborted stream ends on both sides", async () => {
			const { client, library } = await use(open);
			const controller = new AbortController();
			const events = await client.activity.events(undefined, { signal: controller.signal });
			await events.next();
			expect(library.running()).toBe(1);
			const rest = (async () => {
				for await (const _ of events);
			})();
			controller.abort();
			await rest.catch(() => undefined);
			await library.idle();
			expect(library.running()).toBe(0);
		});

		test("an aborted call is cancelled inside the engine", async () => {
			const { client, library } = await use(open);
			const controller = new AbortController();
			const call = client.search.text({ query: "hang" }, { signal: controller.signal });
			const failed = expect(call).rejects.toThrow();
			await expect.poll(() => library.running()).toBe(1);
			controller.abort();
			await failed;
			await library.idle();
			expect(library.running()).toBe(0);
		});

		test("a picture of 3 MB arrives intact with its name and type", async () => {
			const { client } = await use(open);
			const bytes = randomBytes(3 * 1024 * 1024);
			const image = new File([bytes], "naïve “query” 🌅.jpg", { type: "image/jpeg" });
			const { hits } = await client.search.image({ image, limit: 7 });
			const digest = createHash("sha256").update(bytes).digest("hex");
			expect(hits[0]?.path).toBe(`${image.name} image/jpeg ${bytes.length} ${digest}`);
		});

		test("100,000 columns arrive complete", async () => {
			const { client } = await use(open, 100_000);
			const { ids, days } = await client.photo.columns({});
			expect(ids.length).toBe(100_000);
			expect(ids.at(-1)).toBe(100_000);
			expect(days.at(-1)).toBe(20_000 - 99_999);
		});

		test("calls without an answer resolve", async () => {
			const { client } = await use(open);
			const ids = [photoIdSchema.parse(1)];
			await expect(client.photo.prioritise({ ids })).resolves.toBeUndefined();
		});

		// Nothing tells a sender that a message port has closed: its users drop it on its `close`.
		if (name !== "in-process" && name !== "message port") {
			test("a channel that has closed rejects new calls", async () => {
				const { client, breakOff } = await use(open);
				await client.activity.progress();
				breakOff?.();
				await expect.poll(() => client.activity.progress().catch(() => "lost")).toBe("lost");
			});
		}

		if (name !== "in-process") {
			test("a channel that closes rejects the calls and streams under way", async () => {
				const { client, library, breakOff } = await use(open);
				const events = await client.activity.events();
				const streamed = expect(
					(async () => {
						for await (const _ of events);
					})(),
				).rejects.toThrow();
				const call = expect(client.search.text({ query: "hang" })).rejects.toThrow();
				await expect.poll(() => library.running()).toBe(2);
				breakOff?.();
				await Promise.all([call, streamed, library.idle()]);
				expect(library.running()).toBe(0);
			});
		}
	});
}
