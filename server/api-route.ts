/** @file The contract as plain HTTP for scripts, described at `/api/openapi.json`. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { SmartCoercionPlugin } from "@orpc/json-schema";
import { OpenAPIGenerator } from "@orpc/openapi";
import { OpenAPIHandler } from "@orpc/openapi/node";
import { BodyLimitPlugin } from "@orpc/server/node";
import { ZodToJsonSchemaConverter } from "@orpc/zod/zod4";
import { contract } from "../contract/contract.ts";
import { queryImageMaxBytes } from "../contract/search.ts";
import type { OpenLibrary } from "../engine/open-library.ts";
import { type DefectListener, reportDefects } from "./defects.ts";
import { sendRefusal } from "./refusal-page.ts";

/** Room for the form around a picture of the largest size allowed. */
export const uploadMaxBytes = queryImageMaxBytes + 1024 * 1024;

/** Answers requests below `/api`. */
export type ApiRoute = (
	request: IncomingMessage,
	response: ServerResponse,
	url: URL,
) => Promise<void>;

/** @param version the app's version, told in the description */
export function createApiRoute(
	router: OpenLibrary["router"],
	version: string,
	onDefect: DefectListener,
): ApiRoute {
	const schemaConverters = [new ZodToJsonSchemaConverter()];
	const handler = new OpenAPIHandler(router, {
		clientInterceptors: [reportDefects(onDefect)],
		plugins: [
			new BodyLimitPlugin({ maxBodySize: uploadMaxBytes }),
			// Query strings are text: this makes `limit=5` the number the contract asks for.
			new SmartCoercionPlugin({ schemaConverters }),
		],
	});
	let description: Promise<string> | null = null;
	const describe = () =>
		new OpenAPIGenerator({ schemaConverters })
			.generate(contract, {
				info: { title: "Afterimage", version },
				servers: [{ url: "/api" }],
				components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
				security: [{ token: [] }],
			})
			.then((document) => JSON.stringify(document));
	return async (request, response, url) => {
		if (url.pathname === "/api/openapi.json" && request.method === "GET") {
			description ??= describe();
			response.setHeader("Content-Type", "application/json");
			response.end(await description);
			return;
		}
		const { matched } = await handler.handle(request, response, { prefix: "/api" });
		if (matched) return;
		const message = "There is no such call. All of them are described at /api/openapi.json.";
		sendRefusal(request, response, 404, message);
	};
}
