// Calls of a product that are held to its OpenAPI document: status, type, headers and body of each answer must be among
// those the document gives for the operation.

import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

interface DocumentedResponse {
  readonly $ref?: string;
  readonly headers?: Readonly<Record<string, { readonly required?: boolean }>>;
  readonly content?: Readonly<Record<string, unknown>>;
}

export interface Document {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          { readonly operationId: string; readonly responses: Readonly<Record<string, DocumentedResponse>> }
        >
      >
    >
  >;
  readonly components: { readonly responses: Readonly<Record<string, DocumentedResponse>> };
}

export interface Asked {
  readonly body?: unknown;
  /** Null: none is sent. */
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Given {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

export class Documented {
  readonly document: Document;
  /** Ids of operations, with the statuses that were seen. */
  readonly seen = new Map<string, Set<number>>();
  readonly #url: string;
  readonly #token: string;
  readonly #ajv = new Ajv2020({ strict: false, validateSchema: false, validateFormats: false, allErrors: true });
  readonly #validators = new Map<string, ValidateFunction>();

  private constructor(url: string, token: string, document: Document) {
    this.#url = url;
    this.#token = token;
    this.document = document;
    this.#ajv.addSchema(document, "document");
  }

  static async open({ url, token }: { readonly url: string; readonly token: string }): Promise<Documented> {
    const answer = await fetch(`${url}/openapi.json`);
    return new Documented(url, token, (await answer.json()) as Document);
  }

  get operationIds(): readonly string[] {
    return Object.values(this.document.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
  }

  /** Asks, and throws where the answer is not as the document has it. */
  async ask(method: string, path: string, { body, token = this.#token, headers = {} }: Asked = {}): Promise<Given> {
    const answer = await fetch(this.#url + path, {
      method,
      headers: {
        ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const type = answer.headers.get("Content-Type")?.split(";")[0] ?? null;
    const parsed = type?.endsWith("json") === true ? (JSON.parse(text) as unknown) : text;
    const wrong = this.#judge(method, path, answer, type, parsed);
    if (wrong !== null) throw new Error(`${method} ${path}: ${answer.status} ${type}: ${wrong}: ${text.slice(0, 500)}`);
    return { status: answer.status, text, headers: answer.headers, body: parsed as Given["body"] };
  }

  #judge(method: string, path: string, answer: Response, type: string | null, body: unknown): string | null {
    const template = this.#templateOf(new URL(path, this.#url).pathname, method);
    const operation = template === undefined ? undefined : this.document.paths[template]?.[method.toLowerCase()];
    if (template === undefined || operation === undefined) return "no such operation";
    const { status, headers } = answer;
    const written = operation.responses[status];
    if (written === undefined) return "no such status";
    const name = written.$ref?.split("/").at(-1);
    const response = name === undefined ? written : this.document.components.responses[name];
    const missing = Object.entries(response?.headers ?? {}).filter(
      ([key, { required }]) => required && !headers.has(key),
    );
    if (missing.length > 0) return `no ${missing.map(([key]) => key).join()}`;
    this.seen.set(operation.operationId, (this.seen.get(operation.operationId) ?? new Set()).add(status));
    const types = Object.keys(response?.content ?? {});
    if (types.length === 0) return type === null ? null : "has a body";
    if (type === null || !types.includes(type)) return `must be ${types.join(" or ")}`;
    const place =
      name === undefined
        ? ["paths", template, method.toLowerCase(), "responses", String(status)]
        : ["components", "responses", name];
    const validate = this.#validator([...place, "content", type, "schema"]);
    return validate(body) ? null : this.#ajv.errorsText(validate.errors);
  }

  #templateOf(path: string, method: string): string | undefined {
    const segments = path.split("/");
    const fits = (template: string): boolean => {
      const parts = template.split("/");
      return (
        parts.length === segments.length && parts.every((part, at) => part === segments[at] || part.startsWith("{"))
      );
    };
    const fitting = Object.keys(this.document.paths).filter(fits);
    // What is written out goes before what stands for anything.
    const byName = fitting.toSorted((one, other) => one.split("{").length - other.split("{").length);
    return byName.find((template) => this.document.paths[template]?.[method.toLowerCase()] !== undefined);
  }

  #validator(place: readonly string[]): ValidateFunction {
    const escaped = place.map((part) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1")));
    const pointer = `document#/${escaped.join("/")}`;
    const validator = this.#validators.get(pointer) ?? this.#ajv.compile({ $ref: pointer });
    this.#validators.set(pointer, validator);
    return validator;
  }
}
