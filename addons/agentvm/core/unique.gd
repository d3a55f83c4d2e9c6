@tool
extends RefCounted
## Names that nobody else has and that no other life of the game had. The game's own chance has no part in them: a game
## may have given it a seed, and then has the same numbers in each of its lives.

static var _prefix: String = ""
static var _count: int = 0


## Another name with each call.
static func name() -> String:
	if _prefix.is_empty():
		_prefix = _random_text()
	_count += 1
	return "godot-%s-%d" % [_prefix, _count]


static func _random_text() -> String:
	# Web builds have no Crypto, and say an error where one is made.
	if not OS.has_feature("web"):
		var crypto: Crypto = Crypto.new()
		if crypto != null:
			return crypto.generate_random_bytes(12).hex_encode()
	var own: RandomNumberGenerator = RandomNumberGenerator.new()
	own.randomize()
	return "%08x%08x%08x" % [own.randi(), own.randi(), Time.get_ticks_usec()]
