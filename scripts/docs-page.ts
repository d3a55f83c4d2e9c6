import { type JsonObject, isJsonObject } from "./documents/json-schema.js";
import { docsStyle } from "./lib/docs-style.js";
import { listAt, objectAt, objectsAt, refName, textAt } from "./lib/document.js";
import { Html, html, inline, none, prose } from "./lib/html.js";
import { fieldsOf, typeOf } from "./lib/schema-view.js";

/** One call, as the document has it. */
interface Operation {
  readonly method: string;
  readonly path: string;
  readonly operation: JsonObject;
}

/** The page to read at `/docs`: plain HTML with its style inside, which loads nothing and runs nothing. */
export function docsPage(openapi: JsonObject, asyncapi: JsonObject): string {
  const info = objectAt(openapi, "info");
  const operations = operationsOf(openapi);
  const groups = listAt(openapi, "tags")
    .filter(isJsonObject)
    .map((tag) => ({
      name: textAt(tag, "name"),
      description: textAt(tag, "description"),
      operations: operations.filter(({ operation }) =>
        listAt(operation, "tags").includes(textAt(tag, "name")),
      ),
    }));
  const schemas = objectsAt(openapi, "components", "schemas").filter(
    ([name]) => !/(?:Body|Answer)$/.test(name),
  );
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${textAt(info, "title")} ${textAt(info, "version")}: the API</title>
        <link rel="icon" href="data:," />
        <style>
          ${new Html(docsStyle)}
        </style>
      </head>
      <body>
        <a class="skip" href="#content">To the content</a>
        <div class="layout">
          <nav aria-label="Calls">
            <a href="#content"><strong>${textAt(info, "title")}</strong></a>
            ${groups.map(
              (group) =>
                html`<h2>${title(group.name)}</h2>
                  <ul>
                    ${group.operations.map(
                      ({ method, path, operation }) =>
                        html`<li>
                          <a href="#${textAt(operation, "operationId")}"
                            ><span class="method ${method}">${method}</span><span>${path}</span></a
                          >
                        </li>`,
                    )}
                  </ul>`,
            )}
            <h2>More</h2>
            <ul>
              <li><a href="#events">Live events</a></li>
              <li><a href="#error-codes">Error codes</a></li>
              <li><a href="#schemas">Schemas</a></li>
            </ul>
          </nav>
          <main id="content" tabindex="-1">
            <h1>${textAt(info, "title")}</h1>
            <p class="access">
              Version ${textAt(info, "version")}. As documents: <a href="openapi.json">OpenAPI 3.1</a> for the
              calls, <a href="asyncapi.json">AsyncAPI 3</a> for the events.
            </p>
            ${prose(textAt(info, "description"))}
            ${groups.map(
              (group) =>
                html`<section aria-labelledby="tag-${group.name}">
                  <h2 id="tag-${group.name}">${title(group.name)}</h2>
                  <p>${inline(group.description)}</p>
                  ${group.operations.map((operation) => operationView(openapi, operation))}
                </section>`,
            )}
            ${eventsView(asyncapi)} ${errorCodesView(openapi)}
            <section aria-labelledby="schemas">
              <h2 id="schemas">Schemas</h2>
              ${schemas.map(
                ([name, schema]) =>
                  html`<article id="schema-${name}">
                    <h3>${name}</h3>
                    <p>${inline(textAt(schema, "description"))}</p>
                    ${pattern(schema)}${fieldsOf(schema)}
                  </article>`,
              )}
            </section>
            <footer><p>Written from the contract of version ${textAt(info, "version")}.</p></footer>
          </main>
        </div>
      </body>
    </html> `;
  return packed(page.text);
}

/** The page without the indentation of this file; what stands in `pre` keeps its own. */
function packed(page: string): string {
  return page
    .split(/(<pre>[^]*?<\/pre>)/)
    .map((part) => (part.startsWith("<pre>") ? part : part.replace(/\s*\n\s*/g, "\n")))
    .join("")
    .trim()
    .concat("\n");
}

function operationsOf(openapi: JsonObject): Operation[] {
  return objectsAt(openapi, "paths").flatMap(([path, item]) =>
    objectsAt(item).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
}

function operationView(openapi: JsonObject, { method, path, operation }: Operation): Html {
  const id = textAt(operation, "operationId");
  const parameters = listAt(operation, "parameters")
    .filter(isJsonObject)
    .filter((parameter) => refName(parameter) === null);
  return html`<article id="${id}">
    <h3><span class="method ${method}">${method}</span> <code>${path}</code></h3>
    <p>${inline(textAt(operation, "summary"))} ${inline(textAt(operation, "description"))}</p>
    <p class="access">${access(operation)}</p>
    ${parameters.length === 0 ? none : parametersView(parameters)}
    ${requestView(openapi, { method, path, operation })}
    <h4>Answer</h4>
    ${answerView(openapi, operation)}
    <h4>Errors</h4>
    <ul class="errors">
      ${failuresOf(openapi, operation)}
    </ul>
  </article>`;
}

function access(operation: JsonObject): string {
  const ways = listAt(operation, "security")
    .filter(isJsonObject)
    .flatMap((way) => Object.keys(way));
  if (ways.length === 0) return "Open to anybody.";
  const names: Readonly<Record<string, string>> = { apiKey: "an API key", sessionToken: "a session token" };
  return `Needs ${ways.map((way) => names[way] ?? way).join(" or ")}.`;
}

function parametersView(parameters: readonly JsonObject[]): Html {
  const fields: JsonObject = {
    properties: Object.fromEntries(
      parameters.map((parameter) => {
        const description =
          textAt(parameter, "description") || (parameter["in"] === "path" ? "In the path." : "");
        return [textAt(parameter, "name"), { ...objectAt(parameter, "schema"), description }];
      }),
    ),
    required: parameters
      .filter((parameter) => parameter["required"] === true)
      .map((parameter) => textAt(parameter, "name")),
  };
  return html`<h4>Parameters</h4>
    ${fieldsOf(fields)}`;
}

function requestView(openapi: JsonObject, { method, path, operation }: Operation): Html {
  const content = objectAt(operation, "requestBody", "content", "application/json");
  const name = refName(objectAt(content, "schema"));
  const body =
    name === null
      ? none
      : html`<h4>Body</h4>
          ${fieldsOf(objectAt(openapi, "components", "schemas", name))}`;
  const lines = [`curl ${method === "GET" ? "" : `-X ${method} `}http://localhost:8000${path}`];
  const ways = JSON.stringify(operation["security"] ?? []);
  if (ways.includes("apiKey")) lines.push('-H "X-API-Key: $AGENTVM_API_KEY"');
  else if (ways.includes("sessionToken")) lines.push('-H "Authorization: Bearer $SESSION_TOKEN"');
  if (name !== null) {
    lines.push('-H "Content-Type: application/json"', `-d '${JSON.stringify(content["example"] ?? {})}'`);
  }
  return html`${body}
    <h4>Example</h4>
    <pre><code>${lines.join(" \\\n  ")}</code></pre>`;
}

function answerView(openapi: JsonObject, operation: JsonObject): Html {
  const [entry] = objectsAt(operation, "responses", "200", "content");
  if (entry === undefined) return none;
  const [mediaType, content] = entry;
  const schema = objectAt(content, "schema");
  const name = refName(schema);
  if (mediaType === "application/json" && name !== null) {
    return fieldsOf(objectAt(openapi, "components", "schemas", name));
  }
  const lines = mediaType === "application/x-ndjson" ? html`, each line a ` : html`: `;
  return html`<p><code>${mediaType}</code>${lines}${typeOf(schema)}</p>`;
}

function failuresOf(openapi: JsonObject, operation: JsonObject): Html[] {
  return objectsAt(operation, "responses")
    .filter(([status]) => status !== "200")
    .map(([status, response]) => {
      const description = textAt(
        objectAt(openapi, "components", "responses", refName(response) ?? ""),
        "description",
      );
      return html`<li>${status} ${inline(description.replace(/\.$/, ""))}</li>`;
    });
}

function eventsView(asyncapi: JsonObject): Html {
  const messages = objectAt(asyncapi, "components", "messages");
  const groups = objectsAt(asyncapi, "operations").map(([, operation]) => ({
    summary: textAt(operation, "summary"),
    messages: listAt(operation, "messages")
      .filter(isJsonObject)
      .map((message) => objectAt(messages, refName(message) ?? "")),
  }));
  return html`<section aria-labelledby="events">
    <h2 id="events">Live events</h2>
    ${prose(textAt(objectAt(asyncapi, "info"), "description"))}
    ${groups.map(
      (group) =>
        html`<article>
          <h3>${group.summary}</h3>
          ${group.messages.map((message) => messageView(asyncapi, message))}
        </article>`,
    )}
    <article id="close-codes">
      <h3>Close codes</h3>
      <div class="codes">
        <table>
          <thead>
            <tr>
              <th scope="col">Code</th>
              <th scope="col">Why</th>
              <th scope="col">What the client does</th>
            </tr>
          </thead>
          <tbody>
            ${objectsAt(asyncapi, "x-close-codes").map(
              ([code, meaning]) =>
                html`<tr>
                  <td><code>${code}</code></td>
                  <td>${textAt(meaning, "reason")}</td>
                  <td>${textAt(meaning, "client")}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </article>
  </section>`;
}

function messageView(asyncapi: JsonObject, message: JsonObject): Html {
  const payload = objectAt(message, "payload");
  const parts = listAt(payload, "allOf").filter(isJsonObject);
  const data = objectAt(parts[1], "properties", "data");
  const schema = objectAt(
    asyncapi,
    "components",
    "schemas",
    refName(parts.length > 0 ? data : payload) ?? "",
  );
  return html`<h4 id="message-${textAt(message, "name")}"><code>${textAt(message, "name")}</code></h4>
    <p>
      ${inline(textAt(message, "summary"))}${parts.length > 0 ? html` <small>Fields of <code>data</code>:</small>` : none}
    </p>
    ${fieldsOf(schema)}`;
}

function errorCodesView(openapi: JsonObject): Html {
  return html`<section aria-labelledby="error-codes">
    <h2 id="error-codes">Error codes</h2>
    <article>
      <div class="codes">
        <table>
          <thead>
            <tr>
              <th scope="col">Code</th>
              <th scope="col">Status</th>
              <th scope="col">Try again?</th>
              <th scope="col">What to do</th>
            </tr>
          </thead>
          <tbody>
            ${objectsAt(openapi, "x-error-codes").map(
              ([code, info]) =>
                html`<tr>
                  <td><code>${code}</code></td>
                  <td>${JSON.stringify(info["status"])}</td>
                  <td>${info["retryable"] === true ? "yes" : "no"}</td>
                  <td>${inline(textAt(info, "remediation"))}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </article>
  </section>`;
}

function pattern(schema: JsonObject): Html {
  const value = textAt(schema, "pattern");
  return value === "" ? none : html`<p><code>${value}</code></p>`;
}

function title(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
