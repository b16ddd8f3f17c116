from epsnet_mm.progress import show_progress


def test_items_pass_and_the_bar_ends_full(capsys):
    assert list(show_progress(range(7), 'Counting')) == list(range(7))
    printed = capsys.readouterr()
    assert printed.out == ''
    assert 'Counting' in printed.err
    assert '7/7 100 %' in printed.err


def test_total_of_items_that_do_not_know_it(capsys):
    assert list(show_progress(iter('abc'), 'Counting', total=3)) == list('abc')
    assert '3/3 100 %' in capsys.readouterr().err


def test_unknown_or_wrong_total_is_corrected_at_the_end(capsys):
    list(show_progress((x for x in 'abc'), 'Counting'))
    assert '3/3 100 %' in capsys.readouterr().err
    list(show_progress(iter('ab'), 'Counting', total=9))
    assert '2/2 100 %' in capsys.readouterr().err


def test_disabled(capsys):
    assert list(show_progress(range(2), 'Counting', disable=True)) == [0, 1]
    assert capsys.readouterr().err == ''
