@tool
extends RefCounted
## The program that runs the tests, which starts servers and kills them when it is asked to.


## Where it answers; empty when there is none.
static func url() -> String:
	return OS.get_environment("AGENTVM_TEST_CONTROL")


## Asks it for something. Gives its answer: a dictionary, or a text that says what was wrong.
static func ask(asker: Node, command: String, fields: Dictionary) -> Variant:
	var http: HTTPRequest = HTTPRequest.new()
	asker.add_child(http)
	http.request("%s/%s" % [url(), command], [], HTTPClient.METHOD_POST, JSON.stringify(fields))
	var answer: Array = await http.request_completed
	http.queue_free()
	var body: PackedByteArray = answer[3]
	var text: String = body.get_string_from_utf8()
	var value: Variant = JSON.parse_string(text)
	return value if answer[1] == 200 and value is Dictionary else text
