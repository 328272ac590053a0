-- Whether there is nothing. Answers: time | '1' when there is nothing
return { NOW - AHEAD, call('EXISTS', P .. 'b', P .. 'aa', P .. 'xh', P .. 'o') == 0 and 1 or 0 }
