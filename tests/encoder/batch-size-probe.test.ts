/** @file How many pictures a device is given at a time. */
import { describe, expect, it } from "vitest";
import { type BatchMeasurement, probeBatchSize } from "../../engine/encoder/batch-size-probe.ts";

function device(rates: Readonly<Record<number, number>>, parities: Record<number, number> = {}) {
	const asked: number[] = [];
	const measure = async (size: number): Promise<BatchMeasurement> => {
		asked.push(size);
		const imagesPerSecond = rates[size];
		if (imagesPerSecond === undefined) throw new Error("out of memory");
		return { imagesPerSecond, parity: parities[size] ?? 1 };
	};
	return { asked, measure };
}

describe("the pictures at a time of a device", () => {
	it("are as many as gain clearly, and no more", async () => {
		const { measure, asked } = device({ 1: 50, 4: 150, 16: 400, 32: 410 });
		expect(await probeBatchSize(measure)).toEqual({
			batchSize: 16,
			imagesPerSecond: 400,
			parity: 1,
		});
		expect(asked).toEqual([1, 4, 16, 32]);
	});

	it("are those that fit its memory: nothing larger is tried after a failure", async () => {
		const { measure, asked } = device({ 1: 50, 4: 150, 32: 900 });
		expect((await probeBatchSize(measure)).batchSize).toBe(4);
		expect(asked).toEqual([1, 4, 16]);
	});

	it("are never such that a batch takes long or computes something else", async () => {
		const slow = device({ 1: 1, 4: 9, 16: 9, 32: 9 });
		expect((await probeBatchSize(slow.measure)).batchSize).toBe(1);
		expect(slow.asked).toEqual([1]);
		const { measure } = device({ 1: 50, 4: 150, 16: 400, 32: 800 }, { 16: 0.99, 32: 0.9995 });
		expect((await probeBatchSize(measure)).batchSize).toBe(32);
	});

	it("are unknown where not even one picture can be run", async () => {
		await expect(probeBatchSize(device({}).measure)).rejects.toThrow("out of memory");
	});
});
