// The session ended: the login takes the place of what is on the screen, and nothing may ask first whether to leave.

let ended = false;

export const signedOut = () => {
  ended = true;
  location.reload();
};
export const isSignedOut = () => ended;
