import { type Json, type JsonObject, isJsonObject } from "../documents/json-schema.js";
import { listAt, objectAt, objectsAt, refName, textAt } from "./document.js";
import { type Html, html, inline, none } from "./html.js";

/** The type of a value in few words, with links to what has a name. */
export function typeOf(schema: JsonObject): Html {
  const name = refName(schema);
  if (name !== null) return html`<a href="#schema-${name}">${name}</a>`;
  if ("const" in schema) return html`<code>${JSON.stringify(schema["const"] ?? null)}</code>`;
  const choices = listAt(schema, "enum");
  if (choices.length > 0)
    return joined(
      choices.map(
        (choice) => html`<code>${typeof choice === "string" ? choice : JSON.stringify(choice)}</code>`,
      ),
    );
  const forms = formsOf(schema);
  if (forms.length > 0) return joined(forms.map(typeOf));
  const type = schema["type"];
  if (Array.isArray(type)) return joined(type.map((one) => html`${String(one)}`));
  if (type === "array") return html`list of ${typeOf(objectAt(schema, "items"))}`;
  if (type === "object" && isJsonObject(schema["additionalProperties"]) && !("properties" in schema)) {
    const values = schema["additionalProperties"];
    return Object.keys(values).length === 0 ? html`object, free` : html`object of ${typeOf(values)}`;
  }
  return typeof type === "string" ? html`${type}` : html`anything`;
}

/** What a value must keep to, in few words. */
export function boundsOf(schema: JsonObject): string {
  const list = schema["type"] === "array" ? " items" : "";
  const words = [
    bound(schema, "minimum", "from "),
    bound(schema, "exclusiveMinimum", "more than "),
    bound(schema, "maximum", "to "),
    bound(schema, "minLength", "at least ", " characters"),
    bound(schema, "maxLength", "at most ", " characters"),
    bound(schema, "minItems", "at least ", list),
    bound(schema, "maxItems", "at most ", list),
    "default" in schema ? `default ${JSON.stringify(schema["default"])}` : "",
  ];
  return words
    .filter((word) => word !== "")
    .join(", ")
    .replace(/^(from|more than) ([^,]+), to /, "$1 $2 to ");
}

function bound(schema: JsonObject, key: string, before: string, after = ""): string {
  const value = schema[key];
  return typeof value === "number" ? `${before}${value}${after}` : "";
}

/** The fields of a schema as a table, or its type when it has none. Objects inside are shown under their field's name. */
export function fieldsOf(schema: JsonObject): Html {
  const forms = formsOf(schema).filter((form) => "properties" in form);
  if (forms.length > 1) {
    return html`${forms.map(
      (form, index) =>
        html`<p class="form">Form ${index + 1}</p>
          ${fieldsOf(form)}`,
    )}`;
  }
  const rows = rowsOf(schema, "");
  if (rows.length === 0) return html`<p>${typeOf(schema)}${bounds(schema)}</p>`;
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Field</th>
        <th scope="col">Type</th>
        <th scope="col">Meaning</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}

function rowsOf(schema: JsonObject, prefix: string): Html[] {
  const required = new Set<Json>(listAt(schema, "required"));
  return objectsAt(schema, "properties").flatMap(([name, property]) => {
    const path = prefix + name;
    return [
      html`<tr>
        <td><code>${path}</code>${required.has(name) ? none : html` <small>optional</small>`}</td>
        <td>${typeOf(property)}${bounds(property)}</td>
        <td>${inline(textAt(property, "description"))}</td>
      </tr>`,
      ...rowsOf(insideOf(property), property["type"] === "array" ? `${path}[].` : `${path}.`),
    ];
  });
}

/** The object that a field holds, itself or in a list. */
function insideOf(property: JsonObject): JsonObject {
  const items = objectAt(property, "items");
  return "properties" in items ? items : property;
}

function bounds(schema: JsonObject): Html {
  const words = boundsOf(schema);
  return words === "" ? none : html` <small>${words}</small>`;
}

function formsOf(schema: JsonObject): JsonObject[] {
  return [...listAt(schema, "anyOf"), ...listAt(schema, "oneOf")].filter(isJsonObject);
}

function joined(parts: readonly Html[]): Html {
  return html`${parts.map((part, index) => (index === 0 ? part : html` or ${part}`))}`;
}
