// What tokens and keys look like, whoever's they are. Each shape begins with something rare, by which it is found.
// Sources: the issuers' own pages on their token formats, and RFC 7468, 7519, 6750 and 3986.

export interface SecretShape {
  readonly name: string;
  /** Every way a match can begin, at least four characters of ASCII each. By these it is found. */
  readonly begins: readonly string[];
  /** What comes before the secret and stays as it is; a pattern, as the other two. */
  readonly before?: string;
  /** What is masked. It matches as early as it can be told, and may go on without end. */
  readonly secret: string;
  /** One byte behind it that tells; it stays as it is. */
  readonly after?: string;
}

const word = "[A-Za-z0-9_-]";
/** Between a name and its value, as in shells, JSON, YAML and INI files. */
const assigned = `"?'?[ \\t]{0,4}[:=][ \\t]{0,4}["']?`;

const range = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, at) => String.fromCharCode(from + at));
const letters = [...range(65, 90), ...range(97, 122)];
const lettersAndDigits = [...range(48, 57), ...letters];
const printable = range(33, 126);

export const secretShapes: readonly SecretShape[] = [
  {
    name: "github-token",
    begins: ["ghp_", "gho_", "ghr_", "ghs_", "ghu_"],
    secret: "gh[oprsu]_[A-Za-z0-9]{36}[A-Za-z0-9]*",
  },
  { name: "github-fine-grained-token", begins: ["github_pat_"], secret: "github_pat_[A-Za-z0-9_]{50}[A-Za-z0-9_]*" },
  {
    name: "gitlab-token",
    begins: ["glpat-", "gldt-", "glrt-", "glcbt-", "glptt-", "glft-", "gloas-", "glsoat-", "glagent-", "glimt-"],
    secret: `gl(?:pat|dt|rt|cbt|ptt|ft|oas|soat|agent|imt)-${word}{20}[A-Za-z0-9_.-]*`,
  },
  { name: "npm-token", begins: ["npm_"], secret: "npm_[A-Za-z0-9]{36}[A-Za-z0-9]*" },
  { name: "pypi-token", begins: ["pypi-AgE"], secret: `pypi-AgE${word}{40}${word}*` },
  {
    name: "slack-token",
    begins: ["xoxa", "xoxb", "xoxe", "xoxo", "xoxp", "xoxr", "xoxs"],
    secret: "xox[abeoprs](?:\\.xox[bp])?-[A-Za-z0-9-]{20}[A-Za-z0-9-]*",
  },
  { name: "slack-app-token", begins: ["xapp-"], secret: "xapp-[0-9]-[A-Za-z0-9-]{20}[A-Za-z0-9-]*" },
  { name: "stripe-key", begins: ["rk_live_", "sk_live_"], secret: "[rs]k_live_[A-Za-z0-9]{16}[A-Za-z0-9]*" },
  { name: "stripe-test-key", begins: ["rk_test_", "sk_test_"], secret: "[rs]k_test_[A-Za-z0-9]{16}[A-Za-z0-9]*" },
  { name: "stripe-webhook-secret", begins: ["whsec_"], secret: "whsec_[A-Za-z0-9+/]{24}[A-Za-z0-9+/=]*" },
  { name: "aws-key-id", begins: ["AKIA", "ASIA"], secret: "A(?:KIA|SIA)[A-Z2-7]{16}" },
  {
    name: "aws-secret-key",
    begins: ["aws_secret_access_key", "aws_session_token"],
    before: `aws_(?:secret_access_key|session_token)${assigned}`,
    secret: "[A-Za-z0-9+/]{40}[A-Za-z0-9+/=]*",
  },
  {
    name: "aws-secret-variable",
    begins: ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"],
    before: `AWS_(?:SECRET_ACCESS_KEY|SESSION_TOKEN)${assigned}`,
    secret: "[A-Za-z0-9+/]{40}[A-Za-z0-9+/=]*",
  },
  {
    name: "aws-credentials-answer",
    begins: ["SecretAccessKey", "SessionToken"],
    before: `Se(?:cretAccessKey|ssionToken)${assigned}`,
    secret: "[A-Za-z0-9+/]{40}[A-Za-z0-9+/=]*",
  },
  { name: "google-key", begins: ["AIza"], secret: `AIza${word}{35}${word}*` },
  { name: "google-access-token", begins: ["ya29."], secret: `ya29\\.${word}{30}${word}*` },
  { name: "google-client-secret", begins: ["GOCSPX-"], secret: `GOCSPX-${word}{24}${word}*` },
  {
    name: "openai-or-anthropic-key",
    begins: ["sk-ant-", "sk-proj-", "sk-svcacct-", "sk-admin-", "sk-or-", "sk-None-"],
    secret: `sk-(?:ant|proj|svcacct|admin|or|None)-${word}{20}${word}*`,
  },
  { name: "openai-key", begins: lettersAndDigits.map((one) => `sk-${one}`), secret: "sk-[A-Za-z0-9]{40}[A-Za-z0-9]*" },
  { name: "hugging-face-token", begins: letters.map((one) => `hf_${one}`), secret: "hf_[A-Za-z]{34}[A-Za-z0-9]*" },
  {
    name: "sendgrid-key",
    begins: [...lettersAndDigits, "_", "-"].map((one) => `SG.${one}`),
    secret: `SG\\.${word}{22}\\.${word}{40}${word}*`,
  },
  {
    name: "shopify-token",
    begins: ["shpat_", "shpca_", "shppa_", "shpss_"],
    secret: "shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}",
  },
  { name: "digitalocean-token", begins: ["doo_v1_", "dop_v1_", "dor_v1_"], secret: "do[opr]_v1_[a-f0-9]{64}" },
  { name: "docker-token", begins: ["dckr_pat_"], secret: `dckr_pat_${word}{27}${word}*` },
  {
    name: "longwire-token",
    begins: lettersAndDigits.map((one) => `lw_${one}`),
    secret: "lw_[0-9A-Za-z]{43}_[0-9A-Za-z]{49}",
  },
  // A header of JOSE begins with one of these: alg, typ, kid, enc, cty, zip, x5t, jku, jwk.
  {
    name: "jwt",
    begins: ["eyJh", "eyJ0", "eyJr", "eyJl", "eyJj", "eyJ6", "eyJ4", "eyJq"],
    secret: `eyJ(?:hbGciO|0eXAiO|raWQiO|lbmMiO|jdHkiO|6aXAiO|4NXQ|qa3Ui|qd2si)${word}{8}${word}*(?:\\.${word}*){0,4}`,
  },
  {
    name: "authorization",
    begins: ["Bearer", "bearer"],
    before: "[Bb]earer[ \\t]{1,4}",
    secret: "[A-Za-z0-9._~+/-]{16}[A-Za-z0-9._~+/=-]*",
  },
  {
    name: "basic-authorization",
    begins: ["Authorization", "authorization"],
    before: `[Aa]uthorization${assigned}[Bb]asic[ \\t]{1,4}`,
    secret: "[A-Za-z0-9+/]{8}[A-Za-z0-9+/=_-]*",
  },
  {
    name: "url-password",
    begins: printable.filter((one) => !`/?#@"'<>`.includes(one)).map((one) => `://${one}`),
    before: `://[^\\s/?#:@"'<>]{0,256}:`,
    secret: `[^\\s/?#@"'<>]{1,512}`,
    after: "@",
  },
  {
    name: "private-key",
    begins: ["-----BEGIN "],
    // Headers of old formats, then base 64 in lines, as they are or as a string's `\n`; up to its end or to what is none of that.
    secret:
      "-----BEGIN (?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY(?: BLOCK)?-----" +
      "(?:[\\s\\\\]{0,4}(?:Proc-Type|DEK-Info|Version|Comment|Hash):[^\\n]{0,200}\\n)*" +
      "(?:[A-Za-z0-9+/=\\s\\\\]|-[A-Za-z0-9])*(?:-----END (?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY(?: BLOCK)?-----)?",
  },
];
