/** @file Settling, against any order of events and looks. */
import fc from "fast-check";
import { expect, onTestFinished, test, vi } from "vitest";
import type { FileChange } from "../../engine/watcher/file-change.ts";
import { Settling } from "../../engine/watcher/settling.ts";

test("a path is reported once it was quiet, and its last report is the disk's last state", async () => {
	vi.useFakeTimers();
	onTestFinished(() => {
		vi.useRealTimers();
	});
	const step = fc.record({
		name: fc.constantFrom("a.jpg", "b.jpg", "c.jpg"),
		size: fc.option(fc.nat(3), { nil: null }),
		waitMs: fc.constantFrom(0, 50, 120, 400),
	});
	await fc.assert(
		fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
			const disk = new Map<string, number | null>();
			const reported = new Map<string, number | null>();
			const touchedAtMs = new Map<string, number>();
			const expectQuiet = (name: string) =>
				expect(performance.now() - (touchedAtMs.get(name) ?? 0)).toBeGreaterThanOrEqual(100);
			const settling = new Settling({
				quietMs: 100,
				maxWaitMs: 500,
				look: async (relativePath) => {
					const sizeBytes = disk.get(relativePath) ?? null;
					if (sizeBytes === null) return { kind: "absent" };
					const file = { relativePath, sizeBytes, modifiedAtMs: sizeBytes, fileIdentity: "1:1" };
					return { kind: "present", file };
				},
				onSettled: (changes: FileChange[]) => {
					expect(changes.length).toBeGreaterThan(0);
					for (const change of changes) {
						if (change.kind === "absent") {
							expectQuiet(change.relativePath);
							reported.set(change.relativePath, null);
						} else {
							expectQuiet(change.file.relativePath);
							reported.set(change.file.relativePath, change.file.sizeBytes);
						}
					}
				},
			});
			for (const { name, size, waitMs } of steps) {
				disk.set(name, size);
				settling.note(name);
				touchedAtMs.set(name, performance.now());
				await vi.advanceTimersByTimeAsync(waitMs);
			}
			await vi.advanceTimersByTimeAsync(5000);
			settling.close();
			expect(reported).toEqual(disk);
		}),
		{ numRuns: 600 },
	);
});
