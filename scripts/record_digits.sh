#!/bin/sh
# Makes the ten recordings that the code is spoken with: journeys/captcha/digits/0.wav … 9.wav.
# Needs espeak-ng and sox (Debian); the portal itself needs neither. A person's voice may take their
# place: mono, 8 bits, 11025 a second, at most 0.65 s each, without silence at the ends.
set -eu
cd "$(dirname "$0")/../journeys/captcha/digits"

digit=0
for word in cero uno dos tres cuatro cinco seis siete ocho nueve; do
    # Slow and a little low. At this rate an S is faint, and noise would swallow it: treble. Loud alike,
    # silence cut at both ends; -R and -D: the same bytes each time.
    espeak-ng -v es-419 -s 120 -p 45 -z --stdout "$word" |
        sox -R -D -t wav - -r 11025 -b 8 -c 1 "$digit.wav" \
            gain -20 treble 20 4000 norm -2 silence 1 0.005 0.7% reverse silence 1 0.005 0.7% reverse
    digit=$((digit + 1))
done
du -cb ./*.wav | tail -1
