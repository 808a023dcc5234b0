/** @file Taking changes back: the latest first, each once, whether by the note or by the keys. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Toasts } from "../../renderer/state/toasts.svelte.ts";
import { type Change, Undo } from "../../renderer/state/undo.svelte.ts";

function changesOn(taken: string[]) {
	return (name: string): Change => ({
		done: `did ${name}`,
		undone: `took back ${name}`,
		undo: () => {
			taken.push(name);
		},
	});
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

describe("undo", () => {
	it("takes back the latest change first and tells so", async () => {
		const toasts = new Toasts();
		const undo = new Undo(toasts);
		const taken: string[] = [];
		const change = changesOn(taken);
		undo.offer(change("one"));
		undo.offer(change("two"));
		expect(undo.takeBackLast()).toBe(true);
		await settled();
		expect(taken).toEqual(["two"]);
		expect(toasts.shown.map(({ message }) => message)).toEqual(["did one", "took back two"]);
	});

	it("does nothing where there is nothing to take back", () => {
		expect(new Undo(new Toasts()).takeBackLast()).toBe(false);
	});

	it("takes a change back once, by its note and by the keys", async () => {
		const toasts = new Toasts();
		const undo = new Undo(toasts);
		const taken: string[] = [];
		undo.offer(changesOn(taken)("one"));
		const action = toasts.shown[0]?.action;
		action?.run();
		action?.run();
		expect(undo.takeBackLast()).toBe(false);
		await settled();
		expect(taken).toEqual(["one"]);
	});

	it("tells of a change that cannot be taken back, and forgets it", async () => {
		const toasts = new Toasts();
		const undo = new Undo(toasts);
		undo.remember({ done: "did it", undone: "", undo: () => Promise.reject(new Error("gone")) });
		undo.takeBackLast();
		await settled();
		expect(toasts.shown.map(({ tone }) => tone)).toEqual(["problem"]);
		expect(undo.next).toBeNull();
	});

	it("keeps the order of any run of changes and steps back", async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.option(fc.string(), { nil: null }), { maxLength: 40 }),
				async (steps) => {
					const undo = new Undo(new Toasts());
					const taken: string[] = [];
					const expectedTaken: string[] = [];
					const model: string[] = [];
					for (const step of steps) {
						if (step === null) {
							const last = model.pop();
							if (last !== undefined) expectedTaken.push(last);
							expect(undo.takeBackLast()).toBe(last !== undefined);
						} else {
							model.push(step);
							undo.remember(changesOn(taken)(step));
						}
					}
					await settled();
					expect(taken).toEqual(expectedTaken);
				},
			),
		);
	});
});
