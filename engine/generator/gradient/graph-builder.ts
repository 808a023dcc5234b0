/** @file Adds nodes and constants to a graph, with names that nothing else has. */
import type { OnnxAttribute, OnnxGraph } from "./onnx-model.ts";
import { floatTensor, int64Tensor } from "./write-onnx.ts";

type AttributeValue = number | string | readonly number[];

export class GraphBuilder {
	readonly #graph: OnnxGraph;
	readonly #prefix: string;
	readonly #constants = new Map<string, string>();
	#count = 0;

	/** @param prefix of every new name; no name of the graph starts with it. */
	constructor(graph: OnnxGraph, prefix: string) {
		this.#graph = graph;
		this.#prefix = prefix;
	}

	/** @returns the name of the node's only output. */
	add(
		operator: string,
		inputs: readonly string[],
		attributes: Readonly<Record<string, AttributeValue>> = {},
	): string {
		const output = this.#name(operator);
		this.#graph.nodes.push({
			operator,
			domain: "",
			inputs: [...inputs],
			outputs: [output],
			attributes: new Map(
				Object.entries(attributes).map(([name, value]) => [name, attributeOf(value)]),
			),
		});
		return output;
	}

	/** A float32 number without sides. */
	scalar(value: number): string {
		return this.#constant(`f${value}`, (name) => floatTensor(name, [], Float32Array.of(value)));
	}

	/** Int64 [values.length]. */
	ints(values: readonly number[]): string {
		return this.#constant(`i${values.join(",")}`, (name) =>
			int64Tensor(name, [values.length], values),
		);
	}

	/** Float32, row-major. */
	floats(shape: readonly number[], values: Float32Array): string {
		const name = this.#name("floats");
		this.#graph.initializers.set(name, floatTensor(name, shape, values));
		return name;
	}

	reshape(value: string, shape: readonly number[]): string {
		return this.add("Reshape", [value, this.ints(shape)]);
	}

	transpose(value: string, order: readonly number[]): string {
		return this.add("Transpose", [value], { perm: order });
	}

	/** @param axes counted from the front; none gives `value` itself. */
	sum(value: string, axes: readonly number[], keepSides: boolean): string {
		if (axes.length === 0) return value;
		const attributes = { keepdims: keepSides ? 1 : 0 };
		return this.add("ReduceSum", [value, this.ints(axes)], attributes);
	}

	/** `value` times a number. */
	scale(value: string, factor: number): string {
		return factor === 1 ? value : this.add("Mul", [value, this.scalar(factor)]);
	}

	/** Constants are shared: the same axes and factors come again and again. */
	#constant(key: string, create: (name: string) => { bytes: Uint8Array }): string {
		const known = this.#constants.get(key);
		if (known !== undefined) return known;
		const name = this.#name("constant");
		this.#graph.initializers.set(name, create(name));
		this.#constants.set(key, name);
		return name;
	}

	#name(kind: string): string {
		this.#count++;
		return `${this.#prefix}${kind}_${this.#count}`;
	}
}

function attributeOf(value: AttributeValue): OnnxAttribute {
	if (typeof value === "string") return { kind: "string", value };
	if (typeof value !== "number") return { kind: "ints", value: [...value] };
	return Number.isInteger(value) ? { kind: "int", value } : { kind: "float", value };
}
