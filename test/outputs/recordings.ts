// The outputs that are recorded from real tools: what runs, in which project, and where it prints to.

export interface Recording {
  readonly name: string;
  /** The program whose version is kept beside the output. */
  readonly version: string;
  readonly command: string;
  readonly files: Readonly<Record<string, string>>;
  /** Packages of this repository the project sees. */
  readonly packages?: readonly string[];
  /** In a terminal of 100 columns, as a person would have it; else into pipes. */
  readonly tty?: boolean;
}

const sum =
  "export const sum = (a, b) => a + b;\nexport const divide = (a, b) => { if (b === 0) throw new RangeError('division by zero'); return a / b; };\n";

const jsTests = (head: string): string => `${head}
import { sum, divide } from "./sum.js";

describe("sum", () => {
  test("adds two numbers", () => expect(sum(1, 2)).toBe(3));
  test("adds negative numbers", () => expect(sum(-1, -2)).toBe(-4));
  test("keeps strings apart", () => expect(sum("1", 2)).toEqual({ value: 3, kind: "number" }));
});

describe("divide", () => {
  test("divides", () => expect(divide(6, 3)).toBe(2));
  test("answers for zero", () => expect(divide(1, 0)).toBe(Infinity));
  test.skip("rounds", () => expect(divide(1, 3)).toBe(0.33));
});
`;

const jsProject = (head: string): Record<string, string> => ({
  "package.json": '{ "name": "app", "version": "1.0.0", "type": "module" }\n',
  "sum.js": sum,
  "sum.test.js": jsTests(head),
  "passing.test.js": `${head}\ntest("holds", () => expect(1).toBe(1));\ntest("warns", () => console.warn("careful: 3 left"));\n`,
});

const vitestProject = jsProject('import { describe, expect, test } from "vitest";');
const jestProject = {
  ...jsProject(""),
  "package.json": '{ "name": "app", "version": "1.0.0", "type": "commonjs" }\n',
  "sum.js": sum.replaceAll("export const", "exports.").replaceAll("exports. ", "exports."),
  "sum.test.js": jsTests("").replace(/import .*\n/, 'const { sum, divide } = require("./sum.js");\n'),
};

const tsProject: Record<string, string> = {
  "tsconfig.json":
    '{ "compilerOptions": { "strict": true, "noEmit": true, "target": "es2022", "module": "nodenext" }, "include": ["src"] }\n',
  "package.json": '{ "name": "app", "type": "module" }\n',
  "src/server.ts":
    'import { load } from "./config.js";\n\nexport function start(port: number): string {\n  const config = load();\n  const retries: number = config.host;\n  return config.prot + port + retries;\n}\n\nstart("8080");\n',
  "src/config.ts":
    "export interface Config { host: string; port: number }\n\nexport function load(): Config {\n  return { host: 'localhost' };\n}\n\nexport const unused = missing;\n",
};

export const recordings: readonly Recording[] = [
  { name: "vitest", version: "vitest --version", command: "vitest run", files: vitestProject, packages: ["vitest"] },
  {
    name: "vitest-tty",
    version: "vitest --version",
    command: "vitest run",
    files: vitestProject,
    packages: ["vitest"],
    tty: true,
  },
  { name: "tsc", version: "tsc --version", command: "tsc -p .", files: tsProject },
  { name: "tsc-tty", version: "tsc --version", command: "tsc -p . --pretty", files: tsProject, tty: true },
  {
    name: "npm-install-tty",
    version: "npm --version",
    command: "npm install jest@30 --no-audit --cache ./cache",
    files: { "package.json": '{ "name": "app", "version": "1.0.0" }\n' },
    tty: true,
  },
  {
    name: "pnpm-install-tty",
    version: "npx -y pnpm@12 --version",
    command: "npx -y pnpm@12 add vite@8 --store-dir ./store",
    files: { "package.json": '{ "name": "app", "version": "1.0.0" }\n' },
    tty: true,
  },
  {
    name: "vite-tty",
    version: "vite --version",
    command: "timeout --signal=TERM 6 vite --port 5173",
    files: { "index.html": "<script type=module src=/main.js></script>\n", "main.js": "console.log(1);\n" },
    packages: ["vite"],
    tty: true,
  },
  {
    name: "pytest",
    version: "python3 -m pytest --version",
    command: "python3 -m pytest -p no:cacheprovider",
    files: {
      "bank.py":
        "class Account:\n    def __init__(self, balance):\n        self.balance = balance\n\n    def withdraw(self, amount):\n        if amount > self.balance:\n            raise ValueError(f'only {self.balance} left')\n        self.balance -= amount\n",
      "test_bank.py":
        "import warnings\n\nimport pytest\n\nfrom bank import Account\n\n\n@pytest.fixture\ndef account():\n    return Account(100)\n\n\n@pytest.fixture\ndef broken():\n    raise RuntimeError('no database')\n\n\ndef test_withdraw(account):\n    account.withdraw(30)\n    assert account.balance == 60\n\n\n@pytest.mark.parametrize('amount', [50, 150])\ndef test_amounts(account, amount):\n    account.withdraw(amount)\n\n\ndef test_with_database(broken):\n    pass\n\n\ndef test_warns():\n    warnings.warn('old call', DeprecationWarning)\n\n\n@pytest.mark.skip(reason='later')\ndef test_later():\n    pass\n",
    },
  },
  {
    name: "go-test",
    version: "go version",
    command: "go test ./...",
    files: {
      "go.mod": "module example.com/app\n\ngo 1.19\n",
      "sum.go": "package app\n\nfunc Sum(a, b int) int { return a + b }\n",
      "sum_test.go":
        'package app\n\nimport "testing"\n\nfunc TestSum(t *testing.T) {\n\tfor _, c := range []struct{ name string; a, b, want int }{{"small", 1, 2, 3}, {"negative", -1, -2, -4}} {\n\t\tt.Run(c.name, func(t *testing.T) {\n\t\t\tif got := Sum(c.a, c.b); got != c.want {\n\t\t\t\tt.Errorf("Sum(%d, %d) = %d, want %d", c.a, c.b, got, c.want)\n\t\t\t}\n\t\t})\n\t}\n}\n\nfunc TestHolds(t *testing.T) {}\n',
      "panics/panics.go": "package panics\n\nfunc First(list []int) int { return list[0] }\n",
      "panics/panics_test.go":
        'package panics\n\nimport "testing"\n\nfunc TestFirst(t *testing.T) {\n\tif First(nil) != 0 {\n\t\tt.Fail()\n\t}\n}\n',
      "builds/builds.go": 'package builds\n\nfunc Wrong() int { return "one" }\n',
      "builds/builds_test.go": 'package builds\n\nimport "testing"\n\nfunc TestWrong(t *testing.T) { Wrong() }\n',
    },
  },
  {
    name: "node-test",
    version: "node --version",
    command: "node --test",
    files: {
      "package.json": '{ "type": "module" }\n',
      "sum.js": sum,
      "sum.test.js": `import assert from "node:assert/strict";\nimport { describe, test } from "node:test";\nimport { sum, divide } from "./sum.js";\n\ndescribe("sum", () => {\n  test("adds two numbers", () => assert.equal(sum(1, 2), 3));\n  test("adds negative numbers", () => assert.equal(sum(-1, -2), -4));\n});\n\ntest("answers for zero", () => assert.equal(divide(1, 0), Infinity));\ntest("later", { skip: true }, () => {});\n`,
    },
  },
  {
    name: "jest",
    version: "npx jest --version",
    command: "npx jest",
    files: { ...jestProject, "install.sh": "npm install jest@30 --no-audit --no-fund" },
  },
  {
    name: "cargo-test",
    version: "cargo --version",
    command: "cargo test --color never",
    files: {
      "Cargo.toml": '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n',
      "src/lib.rs":
        "pub fn sum(a: i32, b: i32) -> i32 {\n    let unused = 1;\n    a + b\n}\n\n#[cfg(test)]\nmod tests {\n    use super::*;\n\n    #[test]\n    fn adds() {\n        assert_eq!(sum(1, 2), 3);\n    }\n\n    #[test]\n    fn adds_negative() {\n        assert_eq!(sum(-1, -2), -4);\n    }\n\n    #[test]\n    fn unwraps() {\n        None::<i32>.unwrap();\n    }\n\n    #[test]\n    #[ignore]\n    fn later() {}\n}\n",
    },
  },
  {
    name: "rustc",
    version: "cargo --version",
    command: "cargo build --color never",
    files: {
      "Cargo.toml": '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n',
      "src/main.rs":
        'fn main() {\n    let text: String = 5;\n    println!("{}", missing);\n    let unused = text;\n}\n',
    },
  },
  {
    name: "gcc",
    version: "gcc --version",
    command: "gcc -Wall -c main.c",
    files: {
      "main.c":
        '#include <stdio.h>\n\nint twice(int value) { return 2 * valu; }\n\nint main(void) {\n  int unused = 3;\n  printf("%s\\n", twice(2))\n  return 0;\n}\n',
    },
  },
  {
    name: "javac",
    version: "javac -version",
    command: "javac Main.java",
    files: {
      "Main.java":
        'class Main {\n  public static void main(String[] args) {\n    int count = "three";\n    System.out.println(missing);\n  }\n}\n',
    },
  },
  {
    name: "crashes",
    version: "python3 --version",
    command: "for i in 1 2 3; do python3 main.py; done; node main.mjs; go run main.go",
    files: {
      "main.py": "def inner():\n    return {}['key']\n\n\ndef outer():\n    inner()\n\n\nouter()\n",
      "main.mjs": "function inner() { return undefined.port; }\nfunction outer() { inner(); }\nouter();\n",
      "main.go":
        'package main\n\nimport "errors"\n\nfunc inner() { panic(errors.New("no port")) }\n\nfunc main() { inner() }\n',
    },
  },
];
