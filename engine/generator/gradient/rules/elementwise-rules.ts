/** @file Derivatives of operators that take each element for itself, with broadcasting. */
import type { DerivativeRule, RuleContext } from "../derivative-rule.ts";
import { floatAttribute, intAttribute, stringAttribute } from "../onnx-model.ts";

/** A rule for y = f(x) from what multiplies the gradient. */
function unary(factor: (context: RuleContext, x: string, y: string) => string): DerivativeRule {
	return (context) => [
		context.build.add("Mul", [context.gradient, factor(context, context.input(0), context.output)]),
	];
}

/** A rule for inputs of which the gradient passes only where a condition holds. */
function passWhere(condition: (context: RuleContext) => string): DerivativeRule {
	return (context) => {
		const { build, gradient } = context;
		return [build.add("Where", [condition(context), gradient, build.scalar(0)])];
	};
}

const passOn: DerivativeRule = ({ gradient }) => [gradient];

/** An Add, Sub, Mul or Div of two inputs: each gradient before its repeated sides are summed. */
function binary(
	left: (context: RuleContext) => string,
	right: (context: RuleContext) => string,
): DerivativeRule {
	return (context) => [
		context.wants(0) ? context.unbroadcast(left(context), 0) : null,
		context.wants(1) ? context.unbroadcast(right(context), 1) : null,
	];
}

const clip: DerivativeRule = (context) => {
	const { node, build, gradient, output } = context;
	// By the output, not the input: then ONNX Runtime can fuse the clip into what comes before it.
	const conditions: string[] = [];
	if (node.inputs[1]) conditions.push(build.add("Greater", [output, context.input(1)]));
	if (node.inputs[2]) conditions.push(build.add("Less", [output, context.input(2)]));
	const [first, second] = conditions;
	if (first === undefined) return [gradient];
	const inside = second === undefined ? first : build.add("And", [first, second]);
	return [build.add("Where", [inside, gradient, build.scalar(0)])];
};

const power: DerivativeRule = (context) => {
	if (context.wants(1)) context.refuse("its exponent depends on the picture");
	const { build } = context;
	const exponent = context.input(1);
	const lowered = build.add("Pow", [
		context.input(0),
		build.add("Sub", [exponent, build.scalar(1)]),
	]);
	const factor = build.add("Mul", [lowered, exponent]);
	return [context.unbroadcast(build.add("Mul", [context.gradient, factor]), 0)];
};

/** Extremes of two or more: the gradient goes where the result came from. */
const extreme: DerivativeRule = (context) =>
	context.node.inputs.map((_, at) => {
		if (!context.wants(at)) return null;
		const { build } = context;
		const chosen = build.add("Equal", [context.input(at), context.output]);
		const part = build.add("Where", [chosen, context.gradient, build.scalar(0)]);
		return context.unbroadcast(part, at);
	});

const where: DerivativeRule = (context) => {
	const { build, gradient } = context;
	const zero = build.scalar(0);
	const condition = context.input(0);
	return [
		null,
		context.wants(1)
			? context.unbroadcast(build.add("Where", [condition, gradient, zero]), 1)
			: null,
		context.wants(2)
			? context.unbroadcast(build.add("Where", [condition, zero, gradient]), 2)
			: null,
	];
};

const half = Math.SQRT1_2;

/** Phi(x) and x phi(x) of the normal distribution (Hendrycks and Gimpel, arXiv:1606.08415). */
const gelu: DerivativeRule = (context) => {
	const { build, node } = context;
	if (stringAttribute(node, "approximate", "none") !== "none") {
		context.refuse("its tanh approximation has no derivative here");
	}
	const x = context.input(0);
	const erf = build.add("Erf", [build.scale(x, half)]);
	const below = build.scale(build.add("Add", [erf, build.scalar(1)]), 0.5);
	const bell = build.add("Exp", [build.scale(build.add("Mul", [x, x]), -0.5)]);
	const slope = build.add("Mul", [x, build.scale(bell, 1 / Math.sqrt(2 * Math.PI))]);
	return [build.add("Mul", [context.gradient, build.add("Add", [below, slope])])];
};

/** Gradient for f(x) = x g(x), g the hard sigmoid max(0, min(1, a x + b)). */
const hardSwish: DerivativeRule = (context) => {
	const { build } = context;
	const x = context.input(0);
	const gate = build.add("HardSigmoid", [x], { alpha: 1 / 6, beta: 0.5 });
	const slope = build.add("Where", [
		between(context, x, -3, 3),
		build.scale(x, 1 / 6),
		build.scalar(0),
	]);
	return [build.add("Mul", [context.gradient, build.add("Add", [gate, slope])])];
};

const hardSigmoid: DerivativeRule = (context) => {
	const { build, node, gradient, output } = context;
	const inside = between(context, output, 0, 1);
	const slope = build.scale(gradient, floatAttribute(node, "alpha", 0.2));
	return [build.add("Where", [inside, slope, build.scalar(0)])];
};

function between({ build }: RuleContext, value: string, low: number, high: number): string {
	return build.add("And", [
		build.add("Greater", [value, build.scalar(low)]),
		build.add("Less", [value, build.scalar(high)]),
	]);
}

const cast: DerivativeRule = (context) => {
	if (intAttribute(context.node, "to", 0) !== 1) {
		context.refuse("it rounds to a type without a useful gradient");
	}
	return [context.gradient];
};

export const elementwiseRules: Readonly<Record<string, DerivativeRule>> = {
	Add: binary(
		({ gradient }) => gradient,
		({ gradient }) => gradient,
	),
	Sub: binary(
		({ gradient }) => gradient,
		({ gradient, build }) => build.add("Neg", [gradient]),
	),
	Mul: binary(
		(context) => context.build.add("Mul", [context.gradient, context.input(1)]),
		(context) => context.build.add("Mul", [context.gradient, context.input(0)]),
	),
	Div: binary(
		(context) => context.build.add("Div", [context.gradient, context.input(1)]),
		(context) => {
			const { build } = context;
			const quotient = build.add("Div", [context.output, context.input(1)]);
			return build.add("Neg", [build.add("Mul", [context.gradient, quotient])]);
		},
	),
	Pow: power,
	Max: extreme,
	Min: extreme,
	Where: where,
	Clip: clip,
	Cast: cast,
	Identity: passOn,
	Dropout: passOn,
	Gelu: gelu,
	HardSwish: hardSwish,
	HardSigmoid: hardSigmoid,
	Neg: ({ build, gradient }) => [build.add("Neg", [gradient])],
	Abs: unary(({ build }, x) => build.add("Sign", [x])),
	Exp: unary((_, __, y) => y),
	Log: unary(({ build }, x) => build.add("Reciprocal", [x])),
	Sqrt: unary(({ build }, _, y) => build.scale(build.add("Reciprocal", [y]), 0.5)),
	Reciprocal: unary(({ build }, _, y) => build.add("Neg", [build.add("Mul", [y, y])])),
	Sin: unary(({ build }, x) => build.add("Cos", [x])),
	Cos: unary(({ build }, x) => build.add("Neg", [build.add("Sin", [x])])),
	Acos: unary(({ build }, x) => build.add("Neg", [reciprocalRoot(build, x)])),
	Erf: unary(({ build }, x) => {
		const bell = build.add("Exp", [build.add("Neg", [build.add("Mul", [x, x])])]);
		return build.scale(bell, 2 / Math.sqrt(Math.PI));
	}),
	Sigmoid: unary(({ build }, _, y) =>
		build.add("Mul", [y, build.add("Sub", [build.scalar(1), y])]),
	),
	Softplus: unary(({ build }, x) => build.add("Sigmoid", [x])),
	Tanh: unary(({ build }, _, y) => build.add("Sub", [build.scalar(1), build.add("Mul", [y, y])])),
	Relu: passWhere(({ build, output }) => build.add("Greater", [output, build.scalar(0)])),
	LeakyRelu: (context) => {
		const { build, node, gradient } = context;
		const positive = build.add("Greater", [context.input(0), build.scalar(0)]);
		const slope = floatAttribute(node, "alpha", 0.01);
		return [build.add("Where", [positive, gradient, build.scale(gradient, slope)])];
	},
};

/** 1 / sqrt(1 - x^2). */
function reciprocalRoot(build: RuleContext["build"], x: string): string {
	const rest = build.add("Sub", [build.scalar(1), build.add("Mul", [x, x])]);
	return build.add("Reciprocal", [build.add("Sqrt", [rest])]);
}
