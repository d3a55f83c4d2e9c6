extends "res://suite.gd"

const Endpoint = preload("res://addons/agentvm/core/endpoint.gd")


## Each of these is taken apart as it should be.
func test_good_endpoints() -> void:
	for row: Array in [
		["http://localhost:8000", "http://localhost:8000", "ws://localhost:8000/ws"],
		["https://vm.example.com", "https://vm.example.com:443", "wss://vm.example.com:443/ws"],
		["https://vm.example.com/base/", "https://vm.example.com:443/base", "wss://vm.example.com:443/base/ws"],
		["http://[::1]:8000", "http://[::1]:8000", "ws://[::1]:8000/ws"],
		["HTTP://127.0.0.1", "http://127.0.0.1:80", "ws://127.0.0.1:80/ws"],
	]:
		var parsed: Endpoint = Endpoint.new(row[0], "production" if row[0].begins_with("https") else "")
		expect(parsed.error == null, "%s is good" % row[0])
		expect_equal(str(parsed), row[1], "endpoint")
		expect_equal(parsed.stream_url(), row[2], "stream")


## None of these is used, and the message says why.
func test_bad_endpoints() -> void:
	for row: Array in [
		["", "http://"],
		["localhost:8000", "http://"],
		["ftp://localhost", "http://"],
		["http://", "host"],
		["http://a b", "host"],
		["http://localhost:", "port"],
		["http://localhost:abc", "port"],
		["http://localhost:0", "port"],
		["http://localhost:70000", "port"],
		["http://[::1", "bracket"],
		["http://user:secret@host", "password"],
		["http://host?key=secret", "query"],
		["http://host/a b", "path"],
	]:
		var parsed: Endpoint = Endpoint.new(row[0], "")
		expect(parsed.error != null, "%s is bad" % row[0])
		if parsed.error != null:
			expect_equal(parsed.error.code, "invalid_endpoint", "code")
			expect_contains(parsed.error.message, row[1], row[0])
			expect(not parsed.error.message.contains("secret"), "the message tells no secret")


## In production nothing leaves this machine unencrypted.
func test_production() -> void:
	expect_equal(Endpoint.new("http://vm.example.com", "production").error.code, "insecure_endpoint", "code")
	expect(Endpoint.new("http://localhost:8000", "production").error == null, "this machine")
	expect(Endpoint.new("http://127.0.0.1.evil.com", "production").error != null, "a name like an address")
	expect(Endpoint.new("http://vm.example.com", "staging").error == null, "staging")
