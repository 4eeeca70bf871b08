// Another machine in a workspace, for a simulated runner.

export interface Server {
  readonly url: string;
  /** With the scope `admin`. */
  readonly token: string;
}

/** Joins as a machine of that name would; its token. */
export async function joinMachine({ url, token }: Server, name: string): Promise<string> {
  const call = async (path: string, body: object): Promise<Record<string, string>> => {
    const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
    const answer = await fetch(`${url}/v1${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Record<string, string>;
  };
  const { join = "" } = await call("/invites", { kind: "machine" });
  const machine = { name, os: "linux", arch: "x64", runner_version: "0.0.0", join };
  const { machine_token: its = "" } = await call("/enroll", machine);
  return its;
}
