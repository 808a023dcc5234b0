/**
 * @file Embeddings as stored: float16, half the size of float32. Rounding moves a unit vector of a few
 * hundred dimensions by about 0.0003, far below any difference in similarity that matters.
 */

/** Float32 [dimensions] to float16 bytes, in this machine's byte order (little endian everywhere we run). */
export function encodeVector(vector: Float32Array): Buffer {
	const half = new Float16Array(vector);
	return Buffer.from(half.buffer);
}

/** Float16 bytes to float32 [dimensions] of unit length again; a zero vector stays zero. */
export function decodeVector(bytes: Uint8Array): Float32Array {
	// Float16Array needs an even offset, which a view into a pooled buffer may lack.
	const aligned = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
	const vector = new Float32Array(
		new Float16Array(aligned.buffer, aligned.byteOffset, aligned.byteLength >> 1),
	);
	let squares = 0;
	for (const value of vector) squares += value * value;
	if (squares > 0) {
		const scale = 1 / Math.sqrt(squares);
		for (let index = 0; index < vector.length; index += 1)
			vector[index] = (vector[index] ?? 0) * scale;
	}
	return vector;
}
