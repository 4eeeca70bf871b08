import { expect, test } from "vitest";
import { findTargetFault } from "./target.ts";

const hidden = [
  "https://localhost/",
  "https://localhost./",
  "https://LOCALHOST:8443/x",
  "https://a.localhost/",
  "https://127.0.0.1/",
  "https://127.1/",
  "https://2130706433/",
  "https://0x7f000001/",
  "https://0177.0.0.1/",
  "https://0x7f.1/",
  "https://0/",
  "https://10.1.2.3/",
  "https://100.64.0.1/",
  "https://169.254.169.254/latest/meta-data",
  "https://172.31.255.255/",
  "https://192.168.1.1/",
  "https://198.18.0.1/",
  "https://224.0.0.1/",
  "https://255.255.255.255/",
  "https://[::1]/",
  "https://[::]/",
  "https://[::ffff:127.0.0.1]/",
  "https://[::ffff:10.0.0.1]/",
  "https://[::ffff:8.8.8.8]/",
  "https://[64:ff9b::7f00:1]/",
  "https://[2002:7f00:1::]/",
  "https://[2001::1]/",
  "https://[2001:db8::1]/",
  "https://[fe80::1]/",
  "https://[fc00::1]/",
  "https://[fd00:ec2::254]/",
  "https://[ff02::1]/",
  "https://metadata.google.internal/",
  "https://printer.local/",
  "https://intranet/",
  "https://%6c%6fcalhost/",
];

test.for(hidden)("[R62] %s is private, and refused where the control plane is deployed", (address) => {
  expect(findTargetFault(address, "public")).not.toBeNull();
});

test.for([
  "http://example.com/",
  "ftp://example.com/",
  "file:///etc/passwd",
  "javascript:alert(1)",
  "https://user@example.com/",
  "https://:secret@example.com/",
  "https://exa mple.com/",
  "https://example.com/\n.internal",
  "https://ex\u00e4mple.com/",
  "example.com",
  "https://",
])("[R62] %j is no target where the control plane is deployed", (address) => {
  expect(findTargetFault(address, "public")).not.toBeNull();
});

test.for([
  "https://example.com/hooks?x=1",
  "https://example.com:8443/",
  "https://8.8.8.8/",
  "https://[2606:4700::1111]/",
  "https://172.32.0.1/",
  "https://100.128.0.1/",
])("[R62] %s is public", (address) => {
  expect(findTargetFault(address, "public")).toBeNull();
});

test("[R62] the owner's own machine is a target where only they reach the control plane, and nothing else private", () => {
  for (const host of ["localhost:1234", "127.0.0.1:1234", "127.1", "[::1]:80", "a.localhost"]) {
    expect(findTargetFault(`http://${host}/hook`, "loopback")).toBeNull();
  }
  expect(findTargetFault("http://example.com/", "loopback")).toBeNull();
  for (const address of hidden.filter((one) => !/localhost|127\.|2130706433|0x7f|0177|%6c|\[::1\]/i.test(one))) {
    expect(findTargetFault(address, "loopback")).not.toBeNull();
  }
});
