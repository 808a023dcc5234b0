/** @file Half precision through ONNX Runtime and back. See [Note: Half precision]. */
import { describe, expect, it } from "vitest";
import { elementType } from "../../engine/generator/gradient/onnx-model.ts";
import { writeOnnx } from "../../engine/generator/gradient/write-onnx.ts";
import ort from "../../engine/onnx-runtime.ts";
import { elementTypeOf, floatsOf, floatTensor, halfTensor } from "../../engine/onnx-tensor.ts";

/** y = x + x, both float16 [n, 4]. */
function graphOfHalves(): Uint8Array {
	const value = (name: string) => ({
		name,
		elementType: elementType.float16,
		shape: ["n", 4],
	});
	return writeOnnx({
		irVersion: 8,
		operatorSets: new Map([["", 17]]),
		graph: {
			nodes: [
				{ operator: "Add", domain: "", inputs: ["x", "x"], outputs: ["y"], attributes: new Map() },
			],
			initializers: new Map(),
			inputs: [value("x")],
			outputs: [value("y")],
		},
	});
}

describe("a graph that takes float16", () => {
	it("gets the numbers, and gives numbers back", async () => {
		const session = await ort.InferenceSession.create(graphOfHalves());
		expect(elementTypeOf(session, "x")).toBe("float16");
		const values = Float32Array.of(1, -2.5, 0, 0.0999755859375);
		const { y } = await session.run({ x: floatTensor(session, "x", values, [1, 4]) });
		expect(y?.type).toBe("float16");
		expect(y === undefined ? null : floatsOf(y)).toEqual(Float32Array.of(2, -5, 0, 0.199951171875));
		await session.release();
	});

	it("takes another graph's answer as it is", async () => {
		const session = await ort.InferenceSession.create(graphOfHalves());
		const { y } = await session.run({ x: halfTensor([1, 2, 3, 4], [1, 4]) });
		if (y === undefined) throw new Error("No answer.");
		const twice = await session.run({ x: y });
		expect(floatsOf(twice.y ?? y)).toEqual(Float32Array.of(4, 8, 12, 16));
		await session.release();
	});
});

it("Float16Array is there for everyone else", () => {
	expect(Float16Array.of(1.5)[0]).toBe(1.5);
});
