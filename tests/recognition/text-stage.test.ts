/** @file When text is read, what is kept of it, and that nothing is read twice or lost. */
import { expect, test } from "vitest";
import { Refusal } from "../../contract/errors.ts";
import { FakeRecogniser, newTextReading } from "./reading-texts.ts";

/** A gate that readings wait at. */
function gate() {
	const { promise, resolve } = Promise.withResolvers<void>();
	return { passed: promise, open: resolve };
}

test("searchable photos are read, newest first, and their words can be searched", async () => {
	const reading = await newTextReading();
	const [first, second] = await reading.add(["old sign", "new sign"]);
	reading.stage.start();
	await reading.settled();
	expect(reading.recogniser.texts).toEqual(["new sign", "old sign"]);
	for (const [id, text] of [
		[first, "old sign"],
		[second, "new sign"],
	] as const) {
		if (id === undefined) throw new Error("There is no photo.");
		expect(await reading.words(id)).toBe(text);
	}
	expect(await reading.stage.counts()).toEqual({ photos: 2, done: 2, failed: 0, waiting: 0 });
});

test("nothing is read before somebody wants it", async () => {
	const reading = await newTextReading();
	await reading.add(["sign"]);
	reading.stage.wake();
	reading.stage.resume();
	await reading.settled();
	expect(reading.recogniser.texts).toEqual([]);
});

test("the same bytes are read once, also when a copy comes later", async () => {
	const reading = await newTextReading();
	await reading.add(["menu", "menu"]);
	reading.stage.start();
	await reading.settled();
	const [later] = await reading.add(["menu"]);
	reading.stage.wake();
	await reading.settled();
	expect(reading.recogniser.texts).toEqual(["menu"]);
	expect(later !== undefined && (await reading.words(later))).toBe("menu");
});

test("a picture without text is done, and has no words", async () => {
	const reading = await newTextReading();
	const [id] = await reading.add([""]);
	reading.stage.start();
	await reading.settled();
	expect(id !== undefined && (await reading.words(id))).toBeUndefined();
	expect((await reading.stage.counts()).done).toBe(1);
	reading.stage.wake();
	await reading.settled();
	expect(reading.recogniser.texts).toEqual([""]);
});

test("a changed file is read again, and its old words are gone", async () => {
	const reading = await newTextReading();
	const [id] = await reading.add(["before"]);
	if (id === undefined) throw new Error("There is no photo.");
	reading.stage.start();
	await reading.settled();
	reading.contents.set("1.jpg", "after");
	const file = { relativePath: "1.jpg", sizeBytes: 11, modifiedAtMs: 9000, fileIdentity: "1:1" };
	await reading.catalogue.photos.markChanged([{ id, file }]);
	await reading.embed([id]);
	reading.stage.wake();
	await reading.settled();
	expect(reading.recogniser.texts).toEqual(["before", "after"]);
	expect(await reading.words(id)).toBe("after");
});

test("a file that changed since it became searchable waits for its new turn", async () => {
	const reading = await newTextReading();
	const [id] = await reading.add(["before"]);
	reading.contents.set("1.jpg", "after");
	reading.stage.start();
	await reading.settled();
	expect(reading.recogniser.texts).toEqual([]);
	expect(await reading.stage.counts()).toMatchObject({ done: 0, failed: 0, waiting: 1 });
	expect(id !== undefined && (await reading.words(id))).toBeUndefined();
});

test("pausing stops after the photo under way, and resuming goes on", async () => {
	const reading = await newTextReading();
	await reading.add(["one", "two", "three"]);
	const [begun, first] = [gate(), gate()];
	reading.recogniser.before = async () => {
		begun.open();
		await first.passed;
		return undefined;
	};
	reading.stage.start();
	await begun.passed;
	reading.stage.pause();
	first.open();
	await reading.settled();
	expect(reading.recogniser.texts).toEqual(["three"]);
	reading.stage.wake();
	await reading.settled();
	expect(reading.recogniser.texts).toEqual(["three"]);
	reading.stage.resume();
	await reading.settled();
	expect(reading.recogniser.texts).toEqual(["three", "two", "one"]);
});

test("turned off, nothing is read and what was read stays; turned on, the rest is", async () => {
	const reading = await newTextReading();
	const [id] = await reading.add(["one"]);
	reading.stage.start();
	await reading.settled();
	reading.stage.setEnabled(false);
	await reading.add(["two"]);
	reading.stage.wake();
	await reading.settled();
	expect(reading.recogniser.texts).toEqual(["one"]);
	expect(id !== undefined && (await reading.words(id))).toBe("one");
	reading.stage.setEnabled(true);
	await reading.settled();
	expect(reading.recogniser.texts).toEqual(["one", "two"]);
});

test("it steps aside while others are busy, and goes on when woken", async () => {
	let busy = true;
	const reading = await newTextReading({ parts: { othersBusy: () => busy } });
	await reading.add(["one", "two"]);
	reading.stage.start();
	await reading.settled();
	expect(reading.recogniser.texts).toEqual([]);
	busy = false;
	reading.recogniser.before = async () => {
		busy = true;
		return undefined;
	};
	reading.stage.wake();
	await reading.settled();
	expect(reading.recogniser.texts).toEqual(["two"]);
	busy = false;
	reading.stage.wake();
	await reading.settled();
	expect(reading.recogniser.texts).toEqual(["two", "one"]);
});

test("a photo whose reading fails is a row with a reason, and is read again on retry only", async () => {
	const reading = await newTextReading();
	const [id, other] = await reading.add(["bad", "good"]);
	if (id === undefined || other === undefined) throw new Error("There is no photo.");
	const failure = { kind: "failed", reason: "timed-out", message: "Too long." } as const;
	reading.recogniser.before = async (text) => (text === "bad" ? failure : undefined);
	reading.stage.start();
	await reading.settled();
	const { table, key } = { table: reading.catalogue.recognisedText, key: reading.recogniser.key };
	expect(await table.ofPhoto(key, id)).toEqual(failure);
	expect(await reading.words(other)).toBe("good");
	expect(await reading.stage.counts()).toEqual({ photos: 2, done: 2, failed: 1, waiting: 0 });
	reading.stage.wake();
	await reading.settled();
	expect(reading.recogniser.texts).toEqual(["good", "bad"]);
	reading.recogniser.before = async () => undefined;
	expect(await table.retry([other])).toBe(0);
	expect(await table.retry([id])).toBe(1);
	reading.stage.wake();
	await reading.settled();
	expect(await reading.words(id)).toBe("bad");
	expect((await reading.stage.counts()).failed).toBe(0);
});

test("a defect on one photo is that photo's failure", async () => {
	const reading = await newTextReading();
	const [id, other] = await reading.add(["bad", "good"]);
	reading.recogniser.before = async (text) => {
		if (text === "bad") throw new Error("A defect.");
		return undefined;
	};
	reading.stage.start();
	await reading.settled();
	const { recognisedText } = reading.catalogue;
	expect(id !== undefined && (await recognisedText.ofPhoto("fake@1", id))).toEqual({
		kind: "failed",
		reason: "unknown",
		message: "A defect.",
	});
	expect(other !== undefined && (await reading.words(other))).toBe("good");
});

test("a reader that cannot be used is told, and no photo is blamed", async () => {
	const reading = await newTextReading();
	await reading.add(["one"]);
	reading.recogniser.before = async () => {
		throw new Refusal("MODEL_UNAVAILABLE", "detection.onnx is damaged.");
	};
	reading.stage.start();
	await reading.settled();
	expect(reading.stage.state().trouble).toBe("detection.onnx is damaged.");
	expect(await reading.stage.counts()).toMatchObject({ done: 0, failed: 0, waiting: 1 });
	reading.recogniser.before = async () => undefined;
	reading.stage.resume();
	await reading.settled();
	expect(reading.stage.state().trouble).toBeNull();
	expect(reading.recogniser.texts).toEqual(["one"]);
});

test("a photo out of reach is passed over, and tried again with the next start", async () => {
	const away = new Set(["2.jpg"]);
	const reading = await newTextReading({
		parts: { locate: async ({ relativePath }) => (away.has(relativePath) ? null : relativePath) },
	});
	await reading.add(["here", "away"]);
	reading.stage.start();
	await reading.settled();
	expect(reading.recogniser.texts).toEqual(["here"]);
	away.clear();
	reading.stage.start();
	await reading.settled();
	expect(reading.recogniser.texts).toEqual(["here", "away"]);
});

test("stopped in the middle, the next start goes on with what is missing", async () => {
	const reading = await newTextReading();
	await reading.add(["one", "two", "three"]);
	const second = gate();
	reading.recogniser.before = async (text) => {
		if (text === "two") await second.passed;
		return undefined;
	};
	reading.stage.start();
	await expect.poll(() => reading.recogniser.texts).toEqual(["three"]);
	// As if the process had been killed here: a second one opens what is on disk.
	const recogniser = new FakeRecogniser();
	const next = await newTextReading({
		root: reading.root,
		contents: reading.contents,
		recogniser,
	});
	next.stage.start();
	await next.settled();
	expect(recogniser.texts).toEqual(["two", "one"]);
	second.open();
});

test("a better reader reads everything again", async () => {
	const reading = await newTextReading();
	const [id] = await reading.add(["one"]);
	reading.stage.start();
	await reading.settled();
	const better = new FakeRecogniser("fake@2");
	const next = await newTextReading({
		root: reading.root,
		contents: reading.contents,
		recogniser: better,
	});
	better.before = async () => ({ kind: "read", lines: [] });
	next.stage.start();
	await next.settled();
	expect(better.texts).toEqual(["one"]);
	expect(id !== undefined && (await next.words(id))).toBeUndefined();
});

test("texts of bytes that no photo has any more are dropped, and only those", async () => {
	const reading = await newTextReading();
	const [gone, kept] = await reading.add(["gone", "kept"]);
	if (gone === undefined || kept === undefined) throw new Error("There is no photo.");
	reading.stage.start();
	await reading.settled();
	const hashes = (await reading.catalogue.photos.getMany([gone, kept])).map(
		(photo) => photo.contentHash ?? "",
	);
	await reading.catalogue.photos.remove([gone]);
	await reading.catalogue.recognisedText.prune();
	const known = await Promise.all(
		hashes.map((hash) => reading.catalogue.recognisedText.known("fake@1", hash)),
	);
	expect(known.map((reading) => reading?.kind)).toEqual([undefined, "read"]);
});
