from epsnet_mm.structures.json_file import parse_json

import pytest


@pytest.mark.parametrize('data', [b'[1]', b'\xef\xbb\xbf[1]', b' [1]\n'])
def test_parses(data):
    assert parse_json(data, 'a.json') == [1]


@pytest.mark.parametrize(
    ('data', 'message'),
    [
        (b'', 'may be cut short'),
        (b'[1', 'may be cut short'),
        (b'[' * 100_000, 'may be cut short'),
        (b'"\xe9"', 'no UTF-8 at byte 1'),
    ],
)
def test_no_json(data, message):
    with pytest.raises(ValueError, match=rf'a.json is not a valid JSON .*{message}'):
        parse_json(data, 'a.json')
