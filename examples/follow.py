"""Follows a machine's events over the WebSocket `longwire.events.v1`, with the standard library only.

Usage: python3 follow.py URL TOKEN [AFTER]
"""
import base64, json, os, socket, ssl, sys, urllib.parse

url, token, after = urllib.parse.urlsplit(sys.argv[1]), sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else "0"
sock = socket.create_connection((url.hostname, url.port or (443 if url.scheme == "https" else 80)))
if url.scheme == "https":
    sock = ssl.create_default_context().wrap_socket(sock, server_hostname=url.hostname)
sock.sendall((f"GET /v1/machines/-/ws?after={after} HTTP/1.1\r\nHost: {url.netloc}\r\nAuthorization: Bearer {token}\r\n"
              "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
              f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\n"
              "Sec-WebSocket-Protocol: longwire.events.v1\r\n\r\n").encode())
stream = sock.makefile("rb")
status = stream.readline().decode()
assert " 101 " in status, status + stream.read(2000).decode()
while stream.readline() not in (b"\r\n", b""):
    pass

while (head := stream.read(2)):
    size = head[1] & 127
    size = int.from_bytes(stream.read({126: 2, 127: 8}.get(size, 0)), "big") if size > 125 else size
    payload = stream.read(size)
    if head[0] & 15 == 8:
        sys.exit(f"closed: {int.from_bytes(payload[:2], 'big')} {payload[2:].decode()}")
    if head[0] & 15 != 1:
        continue
    event = json.loads(payload)
    if event["type"] == "expired":
        print(f"events {event['from_seq']} to {event['to_seq']} are gone", file=sys.stderr)
        continue
    print(event["seq"], event.get("process_id", "-"), event["type"], event.get("data", event.get("returncode", "")), flush=True)
    # Acknowledged now and then, so that a long stream goes on: one masked text frame (the mask is zero).
    if event["seq"] % 10 == 0:
        ack = json.dumps({"ack": event["seq"]}).encode()
        sock.sendall(bytes([0x81, 0x80 | len(ack), 0, 0, 0, 0]) + ack)
