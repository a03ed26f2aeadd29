// @octokit/webhooks as a middleware of Node's own server, with a handler that does nothing.
import { createServer } from "node:http";
import { createNodeMiddleware, Webhooks } from "@octokit/webhooks";

const webhooks = new Webhooks({ secret: process.env.PEER_SECRET });
webhooks.onAny(() => {});
const middleware = createNodeMiddleware(webhooks, { path: process.env.PEER_DOOR });
createServer(async (request, response) => {
  if (await middleware(request, response)) return;
  response.writeHead(404).end();
}).listen(Number(process.env.PEER_PORT), "127.0.0.1");
