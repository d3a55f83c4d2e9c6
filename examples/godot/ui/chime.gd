extends AudioStreamPlayer
## Two short notes when somebody asks. It is silent until the player wants it.

## Hertz of the notes, and seconds that each sounds.
const NOTES: Array[float] = [660.0, 880.0]
const NOTE_SECONDS: float = 0.16
const LOUDNESS: float = 0.25
const RATE: int = 22_050

## Whether it sounds.
var is_on: bool = false


func _ready() -> void:
	AgentVM.question_asked.connect(func(_task: String, _agent: String, _question: Dictionary) -> void: ring())


## Sounds, if it is wanted.
func ring() -> void:
	if not is_on:
		return
	if stream == null:
		stream = _make()
	play()


func _make() -> AudioStreamWAV:
	var count: int = roundi(RATE * NOTE_SECONDS)
	var bytes: PackedByteArray = []
	bytes.resize(2 * count * NOTES.size())
	for place: int in NOTES.size():
		for index: int in count:
			var t: float = float(index) / RATE
			# It fades, so that no note ends with a click.
			var loudness: float = LOUDNESS * pow(1.0 - float(index) / count, 2.0) * minf(1.0, index / 60.0)
			bytes.encode_s16(2 * (place * count + index), roundi(32_767.0 * loudness * sin(TAU * NOTES[place] * t)))
	var made: AudioStreamWAV = AudioStreamWAV.new()
	made.format = AudioStreamWAV.FORMAT_16_BITS
	made.mix_rate = RATE
	made.data = bytes
	return made
