// Probot as a middleware of Node's own server, with a handler that does nothing.
import { createServer } from "node:http";
import { createNodeMiddleware, createProbot } from "probot";

const probot = createProbot({
  overrides: {
    appId: 1,
    privateKey: process.env.PEER_PRIVATE_KEY,
    secret: process.env.PEER_SECRET,
    logLevel: "fatal",
  },
});
const middleware = await createNodeMiddleware((app) => app.onAny(async () => {}), {
  probot,
  webhooksPath: process.env.PEER_DOOR,
});
createServer((request, response) => {
  middleware(request, response, () => response.writeHead(404).end());
}).listen(Number(process.env.PEER_PORT), "127.0.0.1");
